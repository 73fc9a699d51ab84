import { FileSignature, FileText } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { apiUrl } from '../../protocol/http';
import type { AgendaVersion, Snapshot } from '../../protocol/generated';
import { Button, buttonClass, Card, DateTime, Icon, Progress, VerificationDialog } from '../../ui';
import { LoadedChanges } from './ChangeList';
import { acknowledgers, currentVersion } from './standing';

/** The signed agenda: its PDF, its signature, and who has acknowledged it. Nothing before the meeting is convened. */
export function AgendaVersions({ snapshot }: { snapshot: Snapshot }): VNode | null {
  const [verified, setVerified] = useState<number | null>(null);
  const version = currentVersion(snapshot);
  if (!version) return null;
  const { id, zone } = snapshot.meeting;
  const older = snapshot.versions
    .filter((other) => other.number !== version.number)
    .toSorted((one, other) => other.number - one.number);
  return (
    <Card title={t('version-title', { number: version.number })}>
      <div class="stack">
        <p class="muted">
          <DateTime at={version.convenedAt} zone={zone} />
        </p>
        <div class="actions">
          <a class={buttonClass('secondary')} href={pdfUrl(id, version)} target="_blank" rel="noopener">
            <Icon icon={FileText} />
            {t('version-pdf')}
          </a>
          <Button kind="quiet" icon={FileSignature} onClick={() => setVerified(version.number)} data-testid="verify">
            {t('verify-open')}
          </Button>
        </div>
        <Acknowledgements snapshot={snapshot} version={version} />
        {version.number > 1 ? <Changes meetingId={id} number={version.number} zone={zone} /> : null}
        {older.length > 0 ? (
          <details class="disclosure">
            <summary>{t('version-older')}</summary>
            <ul class="versions">
              {older.map((other) => (
                <li key={other.number}>
                  <strong>{t('version-number', { number: other.number })}</strong>{' '}
                  <span class="muted">
                    <DateTime at={other.convenedAt} zone={zone} />
                  </span>
                  <div class="actions">
                    <a class="disclosure__link" href={pdfUrl(id, other)} target="_blank" rel="noopener">
                      {t('version-pdf')}
                    </a>
                    <Button
                      kind="quiet"
                      icon={FileSignature}
                      onClick={() => setVerified(other.number)}
                      aria-label={`${t('verify-open')}: ${t('version-number', { number: other.number })}`}
                    >
                      {t('verify-open')}
                    </Button>
                  </div>
                  {other.number > 1 ? <Changes meetingId={id} number={other.number} zone={zone} /> : null}
                </li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
      {verified === null ? null : (
        <VerificationDialog
          path={`/meetings/${id}/agenda/${verified}/verification`}
          zone={zone}
          onClose={() => setVerified(null)}
        />
      )}
    </Card>
  );
}

/** What a version changed against the one before it; loaded when it is opened. */
function Changes({ meetingId, number, zone }: { meetingId: string; number: number; zone: string }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details class="disclosure" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('change-since', { number: number - 1 })}</summary>
      {open ? <LoadedChanges path={`/meetings/${meetingId}/agenda/${number}/changes`} zone={zone} /> : null}
    </details>
  );
}

function pdfUrl(meetingId: string, version: AgendaVersion): string {
  return apiUrl(`/meetings/${meetingId}/agenda/${version.number}/pdf`);
}

function Acknowledgements({ snapshot, version }: { snapshot: Snapshot; version: AgendaVersion }): VNode {
  const asked = acknowledgers(snapshot);
  const done = asked.filter((person) => version.acknowledgedBy.includes(person.personId));
  const rest = asked.filter((person) => !version.acknowledgedBy.includes(person.personId));
  const share = asked.length === 0 ? 1 : done.length / asked.length;
  return (
    <>
      <Progress label={t('version-acknowledged', { done: done.length, total: asked.length })} value={share} />
      <details class="disclosure">
        <summary>{t('version-who')}</summary>
        <ul>
          {done.map((person) => (
            <li key={person.personId}>{person.name}</li>
          ))}
        </ul>
        {rest.length > 0 ? (
          <>
            <strong>{t('version-not-yet')}</strong>
            <ul>
              {rest.map((person) => (
                <li key={person.personId}>{person.name}</li>
              ))}
            </ul>
          </>
        ) : null}
      </details>
    </>
  );
}
