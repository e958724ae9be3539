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
    <Dialog title="Keys" width={640} open={open} onClose={onClose} foot={<KeysSwitch off={off} turn={turn} />}>
      <div className="key-groups">
        {[...Map.groupBy(groups, ({ title }) => title)].map(([title, same]) => (
          <div key={title}>
            <h3>{title}</h3>
            <dl className="key-list">
              {[...byWhat(same)].map(([what, bindings]) => (
                <div key={what}>
                  <dt>
                    {bindings.map(({ keys }, n) => (
                      <span key={keys}>
                        {n > 0 && ' or '}
                        <KeyCaps keys={keys} />
                      </span>
                    ))}
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

/** Keys that do the same stand together. */
const byWhat = (groups: ReturnType<typeof useBindings>) =>
  Map.groupBy(
    groups.flatMap(({ bindings }) => bindings),
    ({ what }) => what,
  );

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
