import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { currentLocale, errorText, t } from '../../../i18n';
import type { Participant, PresenceMode, PresenceStatus } from '../../../protocol/generated';
import { bySite } from '../../../state/viewModels';
import { Dialog, notify } from '../../../ui';
import type { RoomView } from '../model';

interface Mark {
  readonly name: 'in_person' | 'remote' | 'excused' | 'absent';
  readonly status: PresenceStatus;
  readonly mode: PresenceMode;
}

/** Each mark has the digit of its place as its key. */
const MARKS: readonly Mark[] = [
  { name: 'in_person', status: 'present', mode: 'in_person' },
  { name: 'remote', status: 'present', mode: 'remote' },
  { name: 'excused', status: 'excused', mode: 'in_person' },
  { name: 'absent', status: 'absent', mode: 'in_person' },
];

interface SheetProps {
  room: RoomView;
  onClose: () => void;
}

/** The roll call: site by site, one key for each answer, and on to the next person by itself. */
export function RollCallSheet({ room, onClose }: SheetProps): VNode {
  const sheet = useRef<HTMLDivElement>(null);
  const { present, total, required } = room.snapshot.quorum;
  const mark = (person: Participant, { status, mode }: Mark) => {
    room.meeting
      .request('roll_call', { personId: person.personId, status, mode })
      .catch((error: unknown) => notify(errorText(error)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (!row || !sheet.current) return;
    const rows = [...sheet.current.querySelectorAll<HTMLElement>('[data-row]')];
    const buttons = [...row.querySelectorAll('button')];
    const column = Math.max(0, buttons.indexOf(event.target as HTMLButtonElement));
    const go = (step: number) => rows[rows.indexOf(row) + step]?.querySelectorAll('button')[column]?.focus();
    const chosen = /^[1-4]$/u.test(event.key) ? buttons[Number(event.key) - 1] : undefined;
    if (chosen) {
      chosen.click();
      go(1);
    } else if (event.key === 'ArrowDown') go(1);
    else if (event.key === 'ArrowUp') go(-1);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t('run-roll-call')} wide onClose={onClose} data-testid="roll-call-sheet">
      <p>{t('roll-help')}</p>
      <p class="roll__quorum" role="status">
        {t('room-quorum-figures', { present, entitled: total, required })}
      </p>
      <div class="roll" ref={sheet} onKeyDown={onKeyDown}>
        {bySite(room.snapshot, currentLocale().source).map(({ site, people }) => (
          <section key={site ?? ''} aria-label={site ?? t('room-no-site')}>
            <h3>{site ?? t('room-no-site')}</h3>
            <ul>
              {people.map((person) => (
                <Row key={person.personId} person={person} onMark={(chosen) => mark(person, chosen)} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Row({ person, onMark }: { person: Participant; onMark: (mark: Mark) => void }): VNode {
  return (
    <li class="roll__row" data-row data-testid={`roll-row-${person.personId}`}>
      <span class="roll__name">
        <strong>{person.name}</strong>
        <span>
          {t(`role-${person.role}`)}
          {person.entitled ? '' : ` · ${t('room-no-vote')}`}
        </span>
      </span>
      <span class="roll__marks" role="group" aria-label={t('room-roll-call', { name: person.name })}>
        {MARKS.map((mark, index) => (
          <button
            key={mark.name}
            type="button"
            class="roll__mark"
            aria-pressed={holds(person, mark) ? 'true' : 'false'}
            aria-keyshortcuts={String(index + 1)}
            onClick={() => onMark(mark)}
          >
            <kbd aria-hidden="true">{index + 1}</kbd> {t(`roll-${mark.name}`)}
          </button>
        ))}
      </span>
    </li>
  );
}

function holds({ presence }: Participant, { status, mode }: Mark): boolean {
  if (presence.status !== status) return false;
  return status !== 'present' || (presence.mode ?? 'in_person') === mode;
}
