import { Archive, FileSignature, FileText, PenLine } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { apiUrl } from '../../protocol/http';
import type { Minutes, Snapshot } from '../../protocol/generated';
import { Avatar, Badge, Button, buttonClass, Card, DateTime, ErrorBanner, Icon, notify, useAction, VerificationDialog } from '../../ui';
import { type Signer, signers } from './signers';

export interface SigningProps {
  snapshot: Snapshot;
  minutes: Minutes;
  personId: string;
  onSign: () => Promise<void>;
  onArchive: () => Promise<void>;
}

/** The document, who has signed and who is next, and the button of the one whose turn it is. */
export function Signing({ snapshot, minutes, personId, onSign, onArchive }: SigningProps): VNode {
  const [verifying, setVerifying] = useState(false);
  const { id, zone, state } = snapshot.meeting;
  const myTurn = minutes.nextSigner === personId;
  return (
    <Card title={t('minutes-document')} class="signing">
      <div class="stack">
        <div class="actions">
          <a class={buttonClass('secondary')} href={apiUrl(`/meetings/${id}/minutes/pdf`)} target="_blank" rel="noopener">
            <Icon icon={FileText} />
            {t('minutes-open-pdf')}
          </a>
          {minutes.signatures.length > 0 ? (
            <Button kind="quiet" icon={FileSignature} onClick={() => setVerifying(true)} data-testid="verify">
              {t('verify-open')}
            </Button>
          ) : null}
        </div>
        <h3>{t('minutes-signatures')}</h3>
        <SignerList list={signers(snapshot, minutes)} zone={zone} />
        <Turn minutes={minutes} myTurn={myTurn} snapshot={snapshot} />
        {myTurn ? <Sign onSign={onSign} /> : null}
        {snapshot.myRole === 'secretary' && state === 'minutes_signed' ? <ArchiveNow onArchive={onArchive} /> : null}
      </div>
      {verifying ? (
        <VerificationDialog path={`/meetings/${id}/minutes/verification`} zone={zone} onClose={() => setVerifying(false)} />
      ) : null}
    </Card>
  );
}

function SignerList({ list, zone }: { list: Signer[]; zone: string }): VNode {
  return (
    <ol class="signers">
      {list.map((signer, index) => (
        <li key={signer.personId} class="signers__signer">
          <Avatar name={signer.name} />
          <div>
            <strong>{signer.name}</strong> · {t(`role-${signer.role}`)}
            <div class="muted">
              {signer.signature ? (
                <DateTime at={signer.signature.signedAt} zone={zone} />
              ) : index > 0 && !signer.next ? (
                t('minutes-waits', { name: list[index - 1]?.name ?? '' })
              ) : null}
            </div>
          </div>
          <Badge tone={signer.signature ? 'success' : signer.next ? 'warning' : 'neutral'}>
            {t(signer.signature ? 'minutes-signed' : 'minutes-pending')}
          </Badge>
        </li>
      ))}
    </ol>
  );
}

function Turn({ minutes, myTurn, snapshot }: { minutes: Minutes; myTurn: boolean; snapshot: Snapshot }): VNode {
  if (minutes.nextSigner === null) return <p>{t('minutes-complete')}</p>;
  if (myTurn) return <p>{`${t('minutes-next-you')} ${t('minutes-sign-text')}`}</p>;
  const name = snapshot.participants.find((participant) => participant.personId === minutes.nextSigner)?.name ?? '';
  return <p>{t('minutes-next', { name })}</p>;
}

function Sign({ onSign }: { onSign: () => Promise<void> }): VNode {
  const { busy, error, run } = useAction();

  async function sign(): Promise<void> {
    if (await run(onSign)) notify(t('minutes-signed-done'));
  }

  return (
    <>
      <ErrorBanner error={error} />
      <Button kind="primary" large icon={PenLine} busy={busy} onClick={() => void sign()} data-testid="minutes-sign">
        {t('minutes-sign')}
      </Button>
    </>
  );
}

function ArchiveNow({ onArchive }: { onArchive: () => Promise<void> }): VNode {
  const { busy, error, run } = useAction();
  return (
    <>
      <p>{t('desk-archive-text')}</p>
      <ErrorBanner error={error} />
      <Button kind="primary" large icon={Archive} busy={busy} onClick={() => void run(onArchive)} data-testid="archive">
        {t('desk-archive')}
      </Button>
    </>
  );
}
