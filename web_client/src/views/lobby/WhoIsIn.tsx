import type { VNode } from 'preact';
import { t } from '../../i18n';
import { Avatar } from '../../ui';
import type { RoomView } from '../room/model';

const SHOWN = 8;

/** Who is in the meeting already. */
export function WhoIsIn({ room }: { room: RoomView }): VNode {
  const present = room.snapshot.participants.filter((one) => one.presence.status === 'present');
  const more = present.length - SHOWN;
  return (
    <section class="who" aria-label={t('lobby-who')}>
      <h2>{t('lobby-who-count', { count: present.length })}</h2>
      <ul>
        {present.slice(0, SHOWN).map((one) => (
          <li key={one.personId}>
            <Avatar name={one.name} />
            <span>
              {one.name}
              {one.siteName ? <span class="who__site">{one.siteName}</span> : null}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 ? <p>{t('lobby-who-more', { count: more })}</p> : null}
    </section>
  );
}
