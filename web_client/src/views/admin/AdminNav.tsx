import { Building2, FileUp, LayoutDashboard, type IconNode, Projector, SlidersHorizontal, Users } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { Icon } from '../../ui';

const LINKS: readonly (readonly [string, string, IconNode])[] = [
  ['overview', '/admin', LayoutDashboard],
  ['people', '/admin/people', Users],
  ['rooms', '/admin/rooms', Projector],
  ['sites', '/admin/sites', Building2],
  ['import', '/admin/import', FileUp],
  ['policies', '/admin/policies', SlidersHorizontal],
];

/** The administrator's places, beside each other; on a phone the one that is open is scrolled to. */
export function AdminNav({ section }: { section: string }): VNode {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView?.({ block: 'nearest', inline: 'center' });
  }, [section]);
  return (
    <nav class="admin-nav" aria-label={t('admin-title')} ref={nav}>
      {LINKS.map(([name, href, icon]) => (
        <a key={name} href={href} aria-current={name === section ? 'page' : undefined} data-testid={`admin-nav-${name}`}>
          <Icon icon={icon} size={18} />
          {t(`admin-nav-${name}`)}
        </a>
      ))}
    </nav>
  );
}
