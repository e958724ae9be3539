import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { TriggerDialog } from '../../actions/trigger-dialog.tsx';
import type { Workflow } from '../../live/types.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { Menu, MenuItem } from '../../parts/menu.tsx';

/** What can be done with a workflow from a list. */
export function WorkflowMenu({ workflow: { dag_id: dagId, kind } }: { readonly workflow: Workflow }) {
  const navigate = useNavigate();
  const [triggers, setTriggers] = useState(false);
  return (
    <>
      <Menu
        trigger={
          <button type="button" className="b ghost ico" aria-label={`More about ${dagId}`}>
            <Glyph name="i-more" />
          </button>
        }
      >
        <MenuItem onSelect={() => setTriggers(true)}>Trigger</MenuItem>
        <MenuItem onSelect={() => void navigate({ to: '/workflows/$dagId/runs', params: { dagId } })}>Runs</MenuItem>
        {kind === 'dag' && (
          <MenuItem onSelect={() => void navigate({ to: '/workflows/$dagId/backfills/new', params: { dagId } })}>
            Backfill
          </MenuItem>
        )}
      </Menu>
      {triggers && <TriggerDialog dagId={dagId} open onClose={() => setTriggers(false)} />}
    </>
  );
}
