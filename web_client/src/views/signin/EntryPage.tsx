import type { ComponentChildren, VNode } from 'preact';
import { t } from '../../i18n';
import { Brand, LanguageSwitch, ThemeSwitch } from '../../ui';
import './signin.css';

/** The frame of every page for those who are not signed in; `lead` stands below the product's name. */
export function EntryPage({ lead, children }: { lead?: string; children: ComponentChildren }): VNode {
  return (
    <div class="signin">
      <header class="signin__tools">
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main class="signin__main">
        <div class="signin__brand">
          <Brand size={48} />
          <span class="signin__name">{t('common-product')}</span>
          {lead ? <p>{lead}</p> : null}
        </div>
        {children}
      </main>
    </div>
  );
}
