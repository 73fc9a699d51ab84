import { signal } from '@preact/signals';

export type ViewName = 'home' | 'signin' | 'meeting' | 'room' | 'paper' | 'minutes' | 'audit' | 'timeline' | 'account' | 'admin' | 'welcome' | 'display' | 'missing';

/** Where the reader is: the view, and the ids its path carries. */
export interface Route {
  readonly view: ViewName;
  readonly params: Readonly<Record<string, string>>;
}

const PATHS: readonly (readonly [RegExp, ViewName])[] = [
  [/^\/$/u, 'home'],
  [/^\/signin$/u, 'signin'],
  [/^\/meetings\/(?<id>[\w-]{1,40})$/u, 'meeting'],
  [/^\/meetings\/(?<id>[\w-]{1,40})\/room$/u, 'room'],
  [/^\/meetings\/(?<id>[\w-]{1,40})\/papers\/(?<paperId>[\w-]{1,40})$/u, 'paper'],
  [/^\/meetings\/(?<id>[\w-]{1,40})\/minutes$/u, 'minutes'],
  [/^\/display\/(?<id>[\w-]{1,40})$/u, 'display'],
  [/^\/audit$/u, 'audit'],
  [/^\/audit\/(?<kind>person|meeting|paper|session)\/(?<id>[\w-]{1,40})$/u, 'timeline'],
  [/^\/admin(?:\/(?<section>people|rooms|sites|import|policies))?$/u, 'admin'],
  [/^\/admin\/(?<section>people)\/(?<id>[\w-]{1,40})$/u, 'admin'],
  [/^\/welcome$/u, 'welcome'],
  [/^\/account$/u, 'account'],
];

/** Return the view that a path names; an unknown path is the view `missing`. */
export function matchPath(path: string): Route {
  for (const [pattern, view] of PATHS) {
    const match = pattern.exec(path);
    if (match) return { view, params: { ...match.groups } };
  }
  return { view: 'missing', params: {} };
}

export const route = signal<Route>(matchPath(location.pathname));

/** Go to a path of this client without loading the page again. */
export function navigate(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  route.value = matchPath(location.pathname);
  scrollTo({ top: 0 });
}

/** Where sign-in should lead: only a path of this client, never another site. */
export function afterSignIn(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return next.startsWith('/') && matchPath(next).view !== 'missing' ? next : '/';
}

/** Follow plain clicks on links of this client and the browser's back and forward buttons. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    route.value = matchPath(location.pathname);
  });
  document.addEventListener('click', (event) => {
    const path = ownPath(event);
    if (path === null) return;
    event.preventDefault();
    navigate(path);
  });
}

function ownPath(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link?.href || link.target || link.hasAttribute('download')) return null;
  const url = new URL(link.href);
  if (url.origin !== location.origin || matchPath(url.pathname).view === 'missing') return null;
  if (url.pathname === location.pathname && url.hash) return null;
  return url.pathname + url.search + url.hash;
}
