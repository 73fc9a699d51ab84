import { Download, Printer } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Banner, Button, Checkbox, Icon } from '../../ui';

export interface RecoveryCodesViewProps {
  codes: readonly string[];
  /** The reader has put them away. */
  onDone: () => void;
  done: string;
}

/** The codes, shown this once. The reader says that they are kept before going on. */
export function RecoveryCodesView({ codes, onDone, done }: RecoveryCodesViewProps): VNode {
  const [kept, setKept] = useState(false);
  const file = useTextFile(`${t('account-recovery-file')}\r\n\r\n${codes.join('\r\n')}\r\n`);

  return (
    <div class="form">
      <Banner tone="warning" title={t('account-recovery-once')}>
        <p>{t('account-recovery-what')}</p>
      </Banner>
      <div class="recovery-codes">
        <p class="recovery-codes__title">{t('account-recovery-file')}</p>
        <ol data-testid="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code dir="ltr">{code}</code>
            </li>
          ))}
        </ol>
      </div>
      <div class="actions">
        <a class="button button--secondary" href={file} download="plenum-recovery-codes.txt" data-testid="recovery-download">
          <DownloadLabel />
        </a>
        <Button icon={Printer} onClick={() => print()}>
          {t('account-recovery-print')}
        </Button>
      </div>
      <Checkbox label={t('account-recovery-kept')} checked={kept} onValue={setKept} data-testid="recovery-kept" />
      <div class="actions actions--end">
        <Button kind="primary" disabled={!kept} onClick={onDone} data-testid="recovery-done">
          {done}
        </Button>
      </div>
    </div>
  );
}

function DownloadLabel(): VNode {
  return (
    <>
      <Icon icon={Download} />
      <span>{t('account-recovery-download')}</span>
    </>
  );
}

/** The address of a text made here, for as long as it is shown. */
function useTextFile(text: string): string {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return address;
}
