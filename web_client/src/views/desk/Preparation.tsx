import { CircleCheck, CircleDashed, Stamp } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Checklist, Snapshot } from '../../protocol/generated';
import { Button, Card, ErrorBanner, Icon, Loading, notify, useAction, useLoad } from '../../ui';
import type { DeskActions } from './actions';
import { currentVersion } from './standing';

export interface PreparationProps {
  snapshot: Snapshot;
  primary: boolean;
  actions: DeskActions;
}

/** What is missing before the meeting can be convened, and the button that convenes it. */
export function Preparation({ snapshot, primary, actions }: PreparationProps): VNode {
  const { id } = snapshot.meeting;
  const { data, error, reload } = useLoad((signal) => api.get<Checklist>(`/meetings/${id}/checklist`, signal), id);
  const checked = useRef(snapshot.revision);
  useEffect(() => {
    if (checked.current !== snapshot.revision) void reload();
    checked.current = snapshot.revision;
  }, [snapshot.revision, reload]);
  const version = currentVersion(snapshot);
  return (
    <Card title={t(version ? 'checklist-title-again' : 'checklist-title')}>
      <div class="stack">
        <ErrorBanner error={error} onRetry={() => void reload()} />
        {data ? <Missing keys={data.missing} again={version?.number} /> : error ? null : <Loading />}
        <Convene ready={data?.missing.length === 0} again={!!version} primary={primary} onConvene={actions.convene} />
      </div>
    </Card>
  );
}

function Missing({ keys, again }: { keys: string[]; again: number | undefined }): VNode {
  if (keys.length === 0)
    return (
      <p class="checklist__line checklist__line--ready">
        <Icon icon={CircleCheck} />
        <span>{again === undefined ? t('checklist-ready') : t('desk-convene-again-text', { number: again })}</span>
      </p>
    );
  return (
    <>
      <p>{t('checklist-missing')}</p>
      <ul class="checklist" data-testid="checklist-missing">
        {keys.map((key) => (
          <li key={key} class="checklist__line">
            <Icon icon={CircleDashed} />
            <span>{missingText(key)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function missingText(key: string): string {
  const id = `missing-${key}`;
  return hasText(id) ? t(id) : t('missing-other', { key });
}

interface ConveneProps {
  ready: boolean;
  again: boolean;
  primary: boolean;
  onConvene: DeskActions['convene'];
}

function Convene({ ready, again, primary, onConvene }: ConveneProps): VNode {
  const { busy, error, run } = useAction();

  function convene(): Promise<boolean> {
    return run(async () => {
      const version = await onConvene();
      notify(t('desk-convened', { number: version.number }));
    });
  }

  return (
    <>
      <ErrorBanner error={error} />
      <Button
        kind={primary ? 'primary' : 'secondary'}
        large={primary}
        wide
        icon={Stamp}
        busy={busy}
        disabled={!ready}
        onClick={() => void convene()}
        data-testid="convene"
      >
        {t(again ? 'desk-convene-again' : 'desk-convene')}
      </Button>
    </>
  );
}
