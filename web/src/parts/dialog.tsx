import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, and a sentence before them. */
  readonly foot?: ReactNode;
  /** Pixels; default 520. */
  readonly width?: number;
}

/** What floats above the page and has the keys until it is closed: previews of actions, forms. */
export function Dialog({ title, open, onClose, children, foot, width = 520 }: DialogProps) {
  const name = useId();
  return (
    <Float open={open} onClose={onClose} labelledBy={name} width={width}>
      <div className="fh">
        <h2 className="dialog-title" id={name}>
          {title}
        </h2>
      </div>
      <div className="fb">{children}</div>
      {foot && <div className="ff">{foot}</div>}
    </Float>
  );
}

interface FloatProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Id of the element that names it. */
  readonly labelledBy: string;
  readonly width: number;
  readonly children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus, closes on Escape, and gives the focus back. */
export function Float({ open, onClose, labelledBy, width, children }: FloatProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
  }, [open]);
  if (!open) return null;
  return (
    <dialog
      ref={dialog}
      className="float dialog"
      style={{ maxWidth: width }}
      aria-labelledby={labelledBy}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-in">{children}</div>
    </dialog>
  );
}
