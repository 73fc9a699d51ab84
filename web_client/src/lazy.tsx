import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from './i18n';
import { Banner, Button, Loading } from './ui';

type Loader<P> = () => Promise<{ default: ComponentType<P> }>;

/** A view whose code is loaded when it is first drawn. `load` must be the same function on every draw. */
export function Lazy<P extends object>({ load, props }: { load: Loader<P>; props: P }): VNode {
  const [View, setView] = useState<ComponentType<P> | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    load().then(
      (module) => !gone && setView(() => module.default),
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  if (View) return <View {...props} />;
  if (failed) return <LoadFailure />;
  return <Loading />;
}

function LoadFailure(): VNode {
  return (
    <main class="page__main">
      <Banner tone="danger">
        <p>{t('error-view-load')}</p>
        <Button onClick={() => location.reload()}>{t('reload-page')}</Button>
      </Banner>
    </main>
  );
}
