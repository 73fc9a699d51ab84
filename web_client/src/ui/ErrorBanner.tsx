import type { VNode } from 'preact';
import { errorText, t } from '../i18n';
import { Banner } from './Banner';
import { Button } from './Button';

/** Words an error; draws nothing where there is none. `onRetry` offers to do it again. */
export function ErrorBanner({ error, onRetry }: { error: unknown; onRetry?: () => void }): VNode | null {
  if (error === null || error === undefined) return null;
  return (
    <Banner tone="danger">
      <p>{errorText(error)}</p>
      {onRetry ? (
        <div>
          <Button onClick={onRetry}>{t('common-retry')}</Button>
        </div>
      ) : null}
    </Banner>
  );
}
