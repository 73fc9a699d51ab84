import { KeyRound, Smartphone, WandSparkles } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n';
import { demoCode } from '../state/entrance';
import { Button } from './Button';
import { TextInput } from './Field';

export interface CodeFieldProps {
  value: string;
  error: string | null;
  onValue: (code: string) => void;
  large?: boolean;
  /** Offers to type a recovery code instead; left out where only the authenticator can answer. */
  recovery?: boolean;
  'data-testid': string;
}

/** A code of the authenticator app, or one of the recovery codes. A demo offers the code that is due. */
export function CodeField({ value, error, onValue, large, recovery, 'data-testid': testId }: CodeFieldProps): VNode {
  const [byRecovery, setByRecovery] = useState(false);
  const offered = useDemoCode(error);

  return (
    <>
      <TextInput
        key={byRecovery ? 'recovery' : 'app'}
        label={t(byRecovery ? 'code-recovery' : 'code-app')}
        hint={t(byRecovery ? 'code-recovery-hint' : 'code-app-hint')}
        name="one-time-code"
        autocomplete="one-time-code"
        inputMode={byRecovery ? 'text' : 'numeric'}
        autofocus
        spellcheck={false}
        maxLength={40}
        large={large}
        value={value}
        error={error}
        onValue={onValue}
        data-testid={testId}
      />
      {offered && !byRecovery ? (
        <Button kind="secondary" icon={WandSparkles} data-testid="demo-code" onClick={() => onValue(offered)}>
          {t('code-demo', { code: offered })}
        </Button>
      ) : null}
      {recovery ? (
        <Button
          kind="quiet"
          icon={byRecovery ? Smartphone : KeyRound}
          data-testid="code-switch"
          onClick={() => {
            onValue('');
            setByRecovery(!byRecovery);
          }}
        >
          {t(byRecovery ? 'code-use-app' : 'code-use-recovery')}
        </Button>
      ) : null}
    </>
  );
}

/** The demo's next code; asked for again after a refusal, since it may be spent. */
function useDemoCode(error: string | null): string | null {
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    async function ask(): Promise<void> {
      const found = await demoCode();
      if (!gone) setCode(found);
    }
    void ask();
    return () => {
      gone = true;
    };
  }, [error]);
  return code;
}
