import { useEffect } from 'preact/hooks';
import { t } from '../i18n';

/** Name the browser's window after what is shown, in the language in use. */
export function useWindowTitle(title: string): void {
  const text = t('common-window-title', { title });
  useEffect(() => {
    document.title = text;
  }, [text]);
}
