import { ArrowLeft, House, ShieldCheck } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { followAlerts, openAlerts } from '../state/alerts';
import { me } from '../state/session';
import { Badge } from './Badge';
import { Brand } from './Brand';
import { Icon } from './Icon';
import { LiveRegion } from './LiveRegion';
import './page.css';
import { useWindowTitle } from './useWindowTitle';
import { LanguageSwitch, PersonMenu, ThemeSwitch } from './PageTools';

export interface PageProps {
  /** Title of the browser's tab: the view, or the meeting. */
  title: string;
  /** Shown beside the product's name: the meeting's title on the pages of a meeting. */
  context?: string;
  narrow?: boolean;
  children?: ComponentChildren;
}

/** The frame of every page: the bar with the reader's tools, and the main part. */
export function Page({ title, context, narrow, children }: PageProps): VNode {
  const person = me.value;
  useWindowTitle(title);

  return (
    <div class="page">
      <a class="page__skip" href="#main">
        {t('common-skip')}
      </a>
      <header class="page__bar">
        <a class="page__brand" href="/" aria-label={t('common-product-home')}>
          <Brand />
          <span class="page__brand-name">{t('common-product')}</span>
        </a>
        <span class="page__context">{context}</span>
        <div class={person ? 'page__tools page__tools--reader' : 'page__tools'}>
          {person ? <Links officer={person.roles.includes('security_officer')} /> : null}
          <LanguageSwitch />
          <ThemeSwitch />
          {person ? <PersonMenu person={person} /> : null}
        </div>
      </header>
      <main id="main" class={narrow ? 'page__main page__main--narrow' : 'page__main'} tabIndex={-1}>
        {children}
      </main>
      <LiveRegion />
    </div>
  );
}

/** Nothing to choose between for most people: the links appear for officers, who have two places to be. */
function Links({ officer }: { officer: boolean }): VNode | null {
  if (!officer) return null;
  const here = location.pathname;
  return (
    <nav aria-label={t('common-main-navigation')} class="page__tools">
      <a class="page__link" href="/" aria-label={t('common-home')} aria-current={here === '/' ? 'page' : undefined}>
        <Icon icon={House} />
        <span>{t('common-home')}</span>
      </a>
      <a class="page__link" href="/audit" aria-label={auditLabel()} aria-current={here === '/audit' ? 'page' : undefined}>
        <Icon icon={ShieldCheck} />
        <span>{t('common-audit')}</span>
        <AlertBadge />
      </a>
    </nav>
  );
}

/** The link's name says what its badge shows. */
function auditLabel(): string {
  const count = openAlerts.value ?? 0;
  return count === 0 ? t('common-audit') : `${t('common-audit')}, ${t('common-alerts', { count })}`;
}

/** How many alerts wait, beside the officer's link on every page. */
function AlertBadge(): VNode | null {
  useEffect(followAlerts, []);
  const count = openAlerts.value ?? 0;
  if (count === 0) return null;
  return (
    <Badge tone="danger" data-testid="alert-badge">
      {count}
    </Badge>
  );
}

export interface PageHeadingProps {
  title: string;
  back?: { href: string; text: string };
  /** A line under the title: state, reference, time. */
  meta?: ComponentChildren;
  /** The page's actions; one of them at most is primary. */
  actions?: ComponentChildren;
}

let pagesShown = 0;

/**
 * Title of the page, with what belongs to it.
 *
 * After the reader followed a link within the client the title takes the focus, so that screen readers say where they are.
 */
export function PageHeading({ title, back, meta, actions }: PageHeadingProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (pagesShown > 0 && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
    pagesShown += 1;
  }, []);

  return (
    <div class="page-heading">
      {back ? (
        <a class="page-heading__back" href={back.href}>
          <Icon icon={ArrowLeft} size={18} directional />
          {back.text}
        </a>
      ) : null}
      <div class="page-heading__row">
        <div>
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {meta ? <div class="page-heading__meta">{meta}</div> : null}
        </div>
        {actions ? <div class="actions">{actions}</div> : null}
      </div>
    </div>
  );
}
