import { useEffect, useRef } from 'preact/hooks';
import type { ComponentType, VNode } from 'preact';
import { focusHeading } from './focusHeading';
import { t } from './i18n';
import { Lazy } from './lazy';
import { navigate, route, type ViewName } from './router';
import { loadSession, me, stepUpPrompt } from './state/session';
import { bootError } from './state/boot';
import { ErrorBanner, Loading, Page, PageHeading, StepUpDialog } from './ui';

type Loader = () => Promise<{ default: ComponentType<Record<string, string>> }>;

const VIEWS: Record<Exclude<ViewName, 'missing'>, Loader> = {
  home: () => import('./views/home/Home') as ReturnType<Loader>,
  signin: () => import('./views/signin/SignIn') as ReturnType<Loader>,
  meeting: () => import('./views/desk/Meeting') as ReturnType<Loader>,
  room: () => import('./views/room/RoomPage') as ReturnType<Loader>,
  paper: () => import('./views/paper/PaperPage') as ReturnType<Loader>,
  minutes: () => import('./views/minutes/Minutes') as ReturnType<Loader>,
  display: () => import('./views/display/Display') as ReturnType<Loader>,
  audit: () => import('./views/audit/Audit') as ReturnType<Loader>,
  timeline: () => import('./views/audit/TimelinePage') as unknown as ReturnType<Loader>,
  account: () => import('./views/account/Account') as ReturnType<Loader>,
  admin: () => import('./views/admin/Admin') as ReturnType<Loader>,
  welcome: () => import('./views/welcome/Welcome') as ReturnType<Loader>,
};

/** Views that need nobody to be signed in. */
const OPEN: ReadonlySet<ViewName> = new Set(['signin', 'welcome']);

/** The whole client: the view of the path for a signed-in reader, sign-in for everybody else. */
export function App(): VNode {
  const { view, params } = route.value;
  const person = me.value;
  const prompt = stepUpPrompt.value;
  useEffect(() => {
    if (person === null && !OPEN.has(view)) navigate(`/signin?next=${encodeURIComponent(here())}`, { replace: true });
  }, [person, view]);
  const astray = person?.secondFactor === 'missing' && view !== 'account';
  useEffect(() => {
    if (astray && !OPEN.has(view)) navigate(`/account?next=${encodeURIComponent(here())}`, { replace: true });
  }, [astray, view]);
  const shown = [view, ...Object.values(params)].join('/');
  const last = useRef(shown);
  useEffect(() => {
    if (last.current === shown) return undefined; // the first page is announced by the browser
    last.current = shown;
    return focusHeading();
  }, [shown]);

  if (bootError.value !== null) return <Unreachable error={bootError.value} />;
  if (view === 'missing') return <Missing />;
  if (person === undefined || (person === null && !OPEN.has(view))) return <Loading />;
  if (astray && !OPEN.has(view)) return <Loading />;
  return (
    <>
      <Lazy key={shown} load={VIEWS[view]} props={params} />
      {prompt && <StepUpDialog byCode={person?.secondFactor === 'enrolled'} onSubmit={prompt.confirm} onCancel={prompt.cancel} />}
    </>
  );
}

function here(): string {
  return location.pathname + location.search;
}

function Unreachable({ error }: { error: unknown }): VNode {
  return (
    <Page title={t('app-name')} narrow>
      <PageHeading title={t('app-name')} />
      <ErrorBanner error={error} onRetry={retry} />
    </Page>
  );
}

function retry(): void {
  bootError.value = null;
  loadSession().catch((cause: unknown) => {
    bootError.value = cause;
  });
}

function Missing(): VNode {
  return (
    <Page title={t('error-missing-title')} narrow>
      <PageHeading title={t('error-missing-title')} />
      <p>{t('error-not-found')}</p>
      <a href="/">{t('to-home')}</a>
    </Page>
  );
}
