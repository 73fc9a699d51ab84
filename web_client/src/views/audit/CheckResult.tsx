import type { VNode } from 'preact';
import { hasText, t } from '../../i18n';
import type { AuditCheck } from '../../protocol/generated';
import { Banner, DateTime } from '../../ui';

/** What a verification found, in words: what was compared with what, from when to when, and the result. */
export function CheckResult({ check }: { check: AuditCheck }): VNode {
  const { ok, size, root, reason, index, signed, checkpoints, fromAt, untilAt, erased, restores } = check;
  const unread = reason === 'note_invalid';
  const title = ok ? 'audit-ok' : unread ? 'audit-unread' : 'audit-bad';
  return (
    <div data-testid="audit-result" data-ok={ok ? 'true' : 'false'}>
      <Banner tone={ok ? 'success' : unread ? 'warning' : 'danger'} title={t(title)}>
        {ok ? <p>{t('audit-ok-text', { size })}</p> : null}
        {ok ? <p>{t('audit-ok-against', { checkpoints, signed })}</p> : null}
        {ok && signed < size ? <p>{t('audit-ok-later', { count: size - signed })}</p> : null}
        {index === null ? null : <p>{t('audit-bad-index', { index })}</p>}
        {reason ? <p>{findingText(reason)}</p> : null}
        {ok || unread ? null : <p>{t('audit-bad-todo')}</p>}
        {fromAt && untilAt ? (
          <p>
            {t('audit-span')} <DateTime at={fromAt} /> – <DateTime at={untilAt} />
          </p>
        ) : null}
        {erased > 0 ? <p>{t('audit-ok-erased', { count: erased })}</p> : null}
        {restores > 0 ? <p>{t('audit-ok-restores', { count: restores })}</p> : null}
        {root ? <p class="audit__root">{t('audit-root', { root })}</p> : null}
      </Banner>
    </div>
  );
}

function findingText(reason: string): string {
  const id = `audit-bad-${reason}`;
  return hasText(id) ? t(id) : t('audit-bad-other', { reason });
}
