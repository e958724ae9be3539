import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { KeyCaps } from '../parts/key-caps.tsx';
import { keysAreOff, turnKeysOff, turnKeysOn, useBindings, useKeys } from './keys.tsx';

/** `?`: every key that does something here, and the switch that turns them off. */
export function AllKeys({
  open,
  onOpen,
  onClose,
}: {
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}) {
  const groups = useBindings();
  const [off, setOff] = useState(keysAreOff);
  useKeys('Page', [{ keys: '?', what: 'all keys', run: onOpen }]);
  const turn = () => {
    if (off) turnKeysOn();
    else turnKeysOff();
    setOff(!off);
  };
  return (
    <Dialog title="Keys" open={open} onClose={onClose} foot={<KeysSwitch off={off} turn={turn} />}>
      <div className="two">
        {groups.map(({ title, bindings }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: views of one title may be there twice.
          <div key={`${title} ${n}`}>
            <h3>{title}</h3>
            <dl className="key-list">
              {bindings.map(({ keys, what }) => (
                <div key={keys}>
                  <dt>
                    <KeyCaps keys={keys} />
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function KeysSwitch({ off, turn }: { readonly off: boolean; readonly turn: () => void }) {
  return (
    <>
      <span className="q2 sm">{off ? 'Keys are off; ⌘K works.' : 'Keys are off while a field has the focus.'}</span>
      <button type="button" className="b" onClick={turn}>
        {off ? 'Turn keys on' : 'Turn keys off'}
      </button>
    </>
  );
}
