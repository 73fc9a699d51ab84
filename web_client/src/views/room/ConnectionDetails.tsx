import { Copy } from 'lucide';
import type { VNode } from 'preact';
import { currentLocale, t } from '../../i18n';
import { pictureMode } from '../../rtc/pictureMode';
import type { Measured } from '../../rtc/quality';
import { Button, Dialog, notify } from '../../ui';
import './connection.css';
import { connectionWords, personConnection } from './connectionWords';
import type { RoomView } from './model';

interface DetailsProps {
  room: RoomView;
  onClose: () => void;
}

/** The own connection in figures, for who helps, and everybody's in words. */
export function ConnectionDetails({ room, onClose }: DetailsProps): VNode {
  const rows = figures(room.session.quality.measured.value);
  const copy = () => {
    const words = [[t('connection-state'), t(connectionWords(room).words)], ...rows].map(([name, value]) => `${name}: ${value}`);
    navigator.clipboard.writeText(words.join('\n')).then(
      () => notify(t('connection-copied')),
      () => notify(t('connection-not-copied')),
    );
  };
  return (
    <Dialog title={t('connection-title')} onClose={onClose} data-testid="connection-dialog">
      <div class="connection">
        <p>
          {t(connectionWords(room).words)} · {t(`pictures-${pictureMode.value}`)}
        </p>
        <dl data-testid="connection-figures">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <People room={room} />
        <div class="actions">
          <Button icon={Copy} onClick={copy}>
            {t('connection-copy')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function People({ room }: { room: RoomView }): VNode | null {
  const { session, meeting } = room;
  const others = session.endpoints.value.filter((one) => one.id !== session.endpointId.value);
  if (others.length === 0) return null;
  return (
    <section aria-label={t('connection-others')}>
      <h3>{t('connection-others')}</h3>
      <ul class="connection__others">
        {others.map((one) => {
          const quality = meeting.qualities.value.get(one.personId ?? one.hallId ?? '');
          const { words, good } = personConnection(one.connection, quality);
          return (
            <li key={one.id}>
              <span>{one.name}</span>
              <span class={good ? 'connection__good' : 'connection__trouble'}>{t(words)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Each figure with its name, as the reader's language writes it. */
function figures(measured: Measured | null): [string, string][] {
  const { source } = currentLocale();
  const number = (value: number, digits = 0) => value.toLocaleString(source, { maximumFractionDigits: digits });
  const part = (value: number) => t('connection-percent', { value: number(value * 100, 1) });
  const rate = (bps: number) => t('connection-kbps', { value: number(bps / 1000) });
  const shown = <T,>(value: T | null | undefined, write: (value: T) => string) =>
    value === null || value === undefined ? t('connection-unknown') : write(value);
  return [
    [t('connection-send-loss'), shown(measured?.sendLoss, part)],
    [t('connection-receive-loss'), shown(measured?.receiveLoss, part)],
    [t('connection-round-trip'), shown(measured?.roundTripMs, (ms) => t('connection-ms', { value: number(ms) }))],
    [t('connection-sent'), shown(measured?.sentBps, rate)],
    [t('connection-received'), shown(measured?.receivedBps, rate)],
    [t('connection-available'), shown(measured?.outgoingBps, rate)],
    [t('connection-path'), shown(measured?.path, (path) => t(`connection-path-${path}`))],
  ];
}
