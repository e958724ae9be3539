import { Glyph } from '../parts/glyph.tsx';
import { Menu, MenuChoice } from '../parts/menu.tsx';
import { useNow } from '../parts/now.tsx';
import { clockTimeWithSeconds } from '../parts/time.tsx';
import { useZone, type ZoneChoice } from '../parts/zone.tsx';

const LOCAL = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time now, in the zone that all times are shown in. */
export function ZoneMenu() {
  const zone = useZone();
  const now = new Date(useNow());
  return (
    <Menu
      trigger={
        <button type="button" className="b ghost tz" title={`Times are shown in ${zone.label}`}>
          <span className="m">{clockTimeWithSeconds(now, zone.name)}</span> {zone.label}
          <Glyph name="i-down" size={12} />
          <span className="vh">Change the time zone</span>
        </button>
      }
    >
      <MenuChoice
        value={zone.choice}
        onChoose={(choice) => zone.choose(choice as ZoneChoice)}
        options={[
          { value: 'UTC', label: 'UTC' },
          { value: 'local', label: `Local, ${LOCAL}` },
        ]}
      />
    </Menu>
  );
}
