import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../live/api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { many } from '../parts/many.ts';
import { Part } from '../parts/part.tsx';
import { ActionError } from './action-error.tsx';
import { useAction } from './use-action.ts';

interface PoolDialogProps {
  readonly pool: string;
  /** What it gets, unless somebody writes another number. */
  readonly slots: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Null: there is none. */
const found = async (pool: string) => {
  const query = { pool_name_prefix_pattern: pool };
  const { pools } = await ok(api.GET('/api/v2/pools', { params: { query } }));
  return pools.find(({ name }) => name === pool) ?? null;
};

/** Makes a pool, or gives it another number of slots. */
export function PoolDialog({ pool, slots, open, onClose }: PoolDialogProps) {
  const [typed, setTyped] = useState(`${slots}`);
  const query = useQuery({ queryKey: ['pool', pool], queryFn: () => found(pool), enabled: open, staleTime: 0 });
  const wanted = /^\d+$/.test(typed) ? Number(typed) : undefined;
  const isNew = query.data === null;
  const action = useAction(
    (count: number) =>
      isNew
        ? ok(api.POST('/api/v2/pools', { body: { name: pool, slots: count, include_deferred: false } }))
        : ok(
            api.PATCH('/api/v2/pools/{pool_name}', {
              params: { path: { pool_name: pool }, query: { update_mask: ['slots'] } },
              body: { pool, slots: count },
            }),
          ),
    { said: (made) => `pool ${made.name} has ${made.slots} slots`, onDone: onClose },
  );
  return (
    <Dialog
      title={isNew ? `Make pool ${pool}` : `Slots of pool ${pool}`}
      open={open}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="b" onClick={onClose}>
            Close
          </button>
          <button
            type="button"
            className="b pri"
            disabled={wanted === undefined || query.data === undefined || action.isPending}
            onClick={() => wanted !== undefined && action.mutate(wanted)}
          >
            {isNew ? 'Make it' : 'Set slots'}
          </button>
        </>
      }
    >
      <Part query={query} what={`pool ${pool}`} rows={2}>
        {(now) => (
          <>
            <p>
              {now === null
                ? 'There is no such pool. What asks for it waits until there is one.'
                : `It has ${many(now.slots, 'slot')}: ${now.occupied_slots} taken, ${now.scheduled_slots} asked for by what waits.`}
            </p>
            <div className="fld form">
              <label htmlFor="pool-slots">Slots</label>
              <span className="in w">
                <input
                  id="pool-slots"
                  inputMode="numeric"
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
              </span>
            </div>
          </>
        )}
      </Part>
      <ActionError error={action.error} />
    </Dialog>
  );
}
