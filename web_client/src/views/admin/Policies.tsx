import type { ComponentChildren, VNode } from 'preact';
import { formatDate, formatNumber, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Operations, Policy } from '../../protocol/generated';
import { Badge, Card, ErrorBanner, Loading, PageHeading, useLoad } from '../../ui';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** A policy's value in words. */
export function policyValue({ key, value }: Policy): string {
  if (key === 'label_ceiling') return t(`label-${value}`);
  if (key === 'upload_limit') return size(Number(value));
  if (key === 'second_factor') return t('admin-policy-second_factor-value');
  if (typeof value === 'string') return value;
  return t(`admin-policy-${key}-value`, { value });
}

/** How the deployment is set up: to read here, to change where it is started. */
export function Policies(): VNode {
  const { data, error, reload } = useLoad((stop) => api.get<Operations>('/administration/operations', stop), 'operations');
  return (
    <>
      <PageHeading title={t('admin-nav-policies')} meta={<span>{t('admin-policies-lead')}</span>} />
      <div class="admin">
        <ErrorBanner error={error} onRetry={() => void reload()} />
        {data ? <PoliciesView state={data} /> : error ? null : <Loading />}
      </div>
    </>
  );
}

export function PoliciesView({ state }: { state: Operations }): VNode {
  const { policies, certificates, relays, storage, version } = state;
  return (
    <>
      <Card title={t('admin-nav-policies')}>
        <dl class="admin-policies">
          {policies.map((policy) => (
            <Line key={policy.key} title={t(`admin-policy-${policy.key}`)} more={policy.variable ? <code>{policy.variable}</code> : t('admin-policy-fixed')}>
              {policyValue(policy)}
            </Line>
          ))}
        </dl>
      </Card>
      <Card title={t('admin-certificates')}>
        <dl class="admin-policies">
          {certificates.map(({ kind, name, expiresAt, due }) => (
            <Line key={kind + name} title={t(`admin-certificate-${kind}`, { name })} more={due ? <Badge tone="warning">{t('admin-certificate-due')}</Badge> : null}>
              {t('admin-certificate-until', { date: formatDate(expiresAt) })}
            </Line>
          ))}
        </dl>
      </Card>
      <Card title={t('admin-relays')}>
        {relays.length === 0 ? <p>{t('admin-warning-no-relay')}</p> : null}
        <dl class="admin-policies">
          {relays.map(({ id, connected, transports }) => (
            <Line key={id} title={id} more={<Badge tone={connected ? 'success' : 'danger'}>{t(connected ? 'admin-relay-connected' : 'admin-relay-away')}</Badge>}>
              {t('admin-relay-load', { count: transports })}
            </Line>
          ))}
        </dl>
      </Card>
      <Card title={t('admin-storage')}>
        <dl class="admin-policies">
          <Line title={t('admin-storage-used')}>{size(storage.usedBytes)}</Line>
          <Line title={t('admin-storage-free')}>{t('admin-storage-of', { free: size(storage.freeBytes), total: size(storage.totalBytes) })}</Line>
          <Line title={t('admin-version')}>{version}</Line>
        </dl>
      </Card>
    </>
  );
}

function size(bytes: number): string {
  if (bytes >= GIB) return t('admin-gibibytes', { size: formatNumber(bytes / GIB, { maximumFractionDigits: 1 }) });
  return t('admin-mebibytes', { size: formatNumber(bytes / MIB, { maximumFractionDigits: 0 }) });
}

function Line({ title, more, children }: { title: string; more?: ComponentChildren; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span>{children}</span>
        {more ? <span class="muted">{more}</span> : null}
      </dd>
    </div>
  );
}
