import { Languages, LogOut, Moon, Sun, SunMoon, UserRoundCog, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { currentLocale, LOCALES, setLocale, t } from '../i18n';
import type { Me } from '../protocol/generated';
import { signOut } from '../state/session';
import { Avatar } from './Avatar';
import { IconButton } from './Button';
import { Icon } from './Icon';
import { nextTheme, setTheme, theme, type Theme } from './theme';
import { useAction } from './useAction';

/** Chooses the language; every language is written in itself. */
export function LanguageSwitch(): VNode {
  const current = currentLocale().id;
  return (
    <label class="language">
      <Icon icon={Languages} />
      <select
        aria-label={t('common-language')}
        value={current}
        data-testid="language"
        onChange={(event) => void setLocale(event.currentTarget.value, true)}
      >
        {LOCALES.map((locale) => (
          <option key={locale.id} value={locale.id} lang={locale.source} selected={locale.id === current}>
            {locale.name}
          </option>
        ))}
      </select>
    </label>
  );
}

const THEME_ICONS: Record<Theme, IconNode> = { system: SunMoon, light: Sun, dark: Moon };

/** Goes through light, dark and as the device. */
export function ThemeSwitch(): VNode {
  const current = theme.value;
  return (
    <IconButton
      icon={THEME_ICONS[current]}
      label={t('common-theme', { theme: current })}
      onClick={() => setTheme(nextTheme(current))}
    />
  );
}

/** Who is signed in, and the way out. */
export function PersonMenu({ person }: { person: Me }): VNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('keydown', closeByKey);
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('keydown', closeByKey);
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [open]);

  return (
    <div class="menu" ref={root}>
      <button
        ref={button}
        type="button"
        class="menu__button"
        aria-expanded={open ? 'true' : 'false'}
        aria-label={t('common-person-menu', { name: person.name })}
        data-testid="person-menu"
        onClick={() => setOpen(!open)}
      >
        <Avatar name={person.name} />
      </button>
      {open ? (
        <div class="menu__list">
          <div class="menu__person">
            <strong>{person.name}</strong>
            {[person.title, person.unit?.name, person.site?.name].filter(Boolean).map((line) => (
              <span key={line} class="menu__detail">
                {line}
              </span>
            ))}
          </div>
          <button type="button" class="menu__item menu__item--narrow" onClick={() => setTheme(nextTheme(theme.value))}>
            <Icon icon={THEME_ICONS[theme.value]} />
            {t('common-theme', { theme: theme.value })}
          </button>
          <a class="menu__item" href="/account" data-testid="open-account" onClick={() => setOpen(false)}>
            <Icon icon={UserRoundCog} />
            {t('common-account')}
          </a>
          <SignOut />
        </div>
      ) : null}
    </div>
  );
}

/** The way out. Where the server did not end the session, the reader is told and can try again. */
function SignOut(): VNode {
  const { busy, error, run } = useAction();
  return (
    <>
      {error === null ? null : (
        <p class="menu__problem" role="alert" data-testid="sign-out-failed">
          {t('common-sign-out-failed')}
        </p>
      )}
      <button
        type="button"
        class="menu__item"
        aria-busy={busy ? 'true' : undefined}
        data-testid="sign-out"
        onClick={() => void run(signOut)}
      >
        <Icon icon={LogOut} directional />
        {t(error === null ? 'common-sign-out' : 'common-sign-out-again')}
      </button>
    </>
  );
}
