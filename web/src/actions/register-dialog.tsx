import { useId, useState } from 'react';
import { api, ok } from '../live/api.ts';
import type { Failure } from '../live/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ActionError } from './action-error.tsx';
import { useAction } from './use-action.ts';

export type Lacking = NonNullable<Failure['lacks']>;

interface RegisterDialogProps {
  readonly lacks: Lacking;
  readonly open: boolean;
  readonly onClose: () => void;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'password';
  readonly isNeeded?: boolean;
  readonly placeholder?: string;
}

const FIELDS: Readonly<Record<Lacking['kind'], readonly Field[]>> = {
  connection: [
    { name: 'conn_type', label: 'Type', isNeeded: true, placeholder: 'postgres, http, …' },
    { name: 'host', label: 'Host' },
    { name: 'port', label: 'Port' },
    { name: 'login', label: 'Login' },
    { name: 'password', label: 'Password', type: 'password' },
    { name: 'schema', label: 'Schema' },
  ],
  variable: [{ name: 'value', label: 'Value', isNeeded: true }],
};

/** Makes the connection or the variable that a task has looked for in vain. */
export function RegisterDialog({ lacks: { kind, name }, open, onClose }: RegisterDialogProps) {
  const id = useId();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const fields = FIELDS[kind];
  const { conn_type: type = '', port = '', value = '', ...texts } = typed;
  const isPort = port === '' || /^\d{1,5}$/.test(port);
  const action = useAction(
    async () => {
      if (kind === 'variable') {
        // What is made of the contract's "any JSON" fits nothing.
        await ok(api.POST('/api/v2/variables', { body: { key: name, value: value as never } }));
        return;
      }
      const body = { ...texts, connection_id: name, conn_type: type, ...(port === '' ? {} : { port: Number(port) }) };
      await ok(api.POST('/api/v2/connections', { body }));
    },
    { said: () => `${kind} ${name} is there`, onDone: onClose },
  );
  const isWhole = isPort && fields.every((field) => !field.isNeeded || (typed[field.name] ?? '') !== '');
  return (
    <Dialog
      title={`Add ${kind} ${name}`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <span className="q2 sm">It is kept encrypted; what failed can be run again then.</span>
          <button type="button" className="b" onClick={onClose}>
            Close
          </button>
          <button
            type="button"
            className="b pri"
            disabled={!isWhole || action.isPending}
            onClick={() => action.mutate()}
          >
            Add it
          </button>
        </>
      }
    >
      <div className="form">
        {fields.map((field) => (
          <div className="fld" key={field.name}>
            <label htmlFor={`${id} ${field.name}`}>{field.label}</label>
            <span className="in w">
              <input
                id={`${id} ${field.name}`}
                type={field.type ?? 'text'}
                autoComplete="off"
                placeholder={field.placeholder}
                value={typed[field.name] ?? ''}
                onChange={(event) => setTyped({ ...typed, [field.name]: event.target.value })}
              />
            </span>
          </div>
        ))}
        {!isPort && <p className="sm q2">A port is a number.</p>}
      </div>
      <ActionError error={action.error} />
    </Dialog>
  );
}
