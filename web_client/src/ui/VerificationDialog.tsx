import { FileCheck } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../i18n';
import { api } from '../protocol/http';
import type { SignatureCheck, Verification } from '../protocol/generated';
import { Banner } from './Banner';
import { Dialog } from './Dialog';
import { ErrorBanner } from './ErrorBanner';
import { Progress } from './Feedback';
import { Icon } from './Icon';
import { readerZone, shortDateTime } from './time';
import { useLoad } from './useLoad';
import './verification.css';

export interface VerificationDialogProps {
  /** Path of the verification under the HTTP interface, such as `/meetings/m/minutes/verification`. */
  path: string;
  zone?: string;
  onClose: () => void;
}

/** Has the hub check every signature of a document, and shows what it found, signature by signature. */
export function VerificationDialog({ path, zone, onClose }: VerificationDialogProps): VNode {
  const { data, error, reload } = useLoad((signal) => api.get<Verification>(path, signal), path);
  return (
    <Dialog title={t('verify-title')} onClose={onClose} wide>
      {error ? <ErrorBanner error={error} onRetry={() => void reload()} /> : null}
      {data ? <VerificationReport verification={data} zone={zone} /> : error ? null : <Progress label={t('verify-running')} />}
    </Dialog>
  );
}

/** The result in words: accepted or why not, then each signature. */
export function VerificationReport({ verification, zone }: { verification: Verification; zone?: string }): VNode {
  const { accepted, reason, sha256, expectedSha256, signatures } = verification;
  return (
    <div class="verification" data-testid="verification-result" data-accepted={accepted ? 'true' : 'false'}>
      <Banner tone={accepted ? 'success' : 'danger'} title={t(accepted ? 'verify-accepted' : 'verify-refused')}>
        <p>{accepted ? t('verify-accepted-text') : t('verify-reason', { reason: reason ?? '' })}</p>
      </Banner>
      {signatures.length > 0 ? (
        <section>
          <h3>{t('verify-signed-by')}</h3>
          <ul class="verification__list">
            {signatures.map((signature) => (
              <Signature key={`${signature.role}/${signature.signer}`} signature={signature} zone={zone} />
            ))}
          </ul>
        </section>
      ) : null}
      <dl class="verification__hashes">
        <dt>{t('verify-hash')}</dt>
        <dd>
          <code>{sha256}</code>
        </dd>
        {expectedSha256 && expectedSha256 !== sha256 ? (
          <>
            <dt>{t('verify-hash-expected')}</dt>
            <dd>
              <code>{expectedSha256}</code>
            </dd>
          </>
        ) : null}
      </dl>
    </div>
  );
}

function Signature({ signature, zone }: { signature: SignatureCheck; zone?: string }): VNode {
  const { signer, role, signedAt, coversWholeFile } = signature;
  return (
    <li class="verification__signature">
      <Icon icon={FileCheck} size={24} />
      <div>
        <strong>{signer}</strong> · {t('verify-role', { role })}
        <ul class="verification__facts">
          <li>{signedAt ? t('verify-signed-at', { at: shortDateTime(signedAt, zone ?? readerZone()) }) : t('verify-signed-at-unknown')}</li>
          <li>{t(coversWholeFile ? 'verify-covers' : 'verify-covers-not')}</li>
        </ul>
      </div>
    </li>
  );
}
