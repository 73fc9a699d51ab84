import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Me } from '../../protocol/generated';
import { afterSignIn, navigate } from '../../router';
import { loadSession, me } from '../../state/session';
import { Banner, Card, ErrorBanner, Loading, Page, PageHeading, useLoad } from '../../ui';
import './account.css';
import { loadAccount } from './actions';
import { EnrolSteps } from './EnrolSteps';
import { PasswordCard } from './PasswordCard';
import { SecondFactorCard } from './SecondFactorCard';
import { SessionsCard } from './SessionsCard';

/** One's own account. Somebody who must have a second factor and has none sets it up here before anything else. */
export default function Account(): VNode {
  const person = me.value;
  if (!person) return <Loading />;
  return person.secondFactor === 'missing' ? <MustEnrol /> : <Own person={person} />;
}

function MustEnrol(): VNode {
  async function goOn(): Promise<void> {
    await loadSession();
    navigate(afterSignIn(location.search), { replace: true });
  }

  return (
    <Page title={t('account-must-title')} narrow>
      <PageHeading title={t('account-must-title')} />
      <Banner tone="info">
        <p>{t('account-must-why')}</p>
      </Banner>
      <Card class="account__must" data-testid="must-enrol">
        <EnrolSteps intro={t('account-enrol-what')} done={t('account-must-done')} onDone={() => void goOn()} />
      </Card>
    </Page>
  );
}

function Own({ person }: { person: Me }): VNode {
  const { data, error, reload } = useLoad(loadAccount, person.personId);
  return (
    <Page title={t('account-title')} narrow>
      <PageHeading title={t('account-title')} back={{ href: '/', text: t('common-home') }} meta={person.name} />
      <ErrorBanner error={error} onRetry={() => void reload()} />
      {data ? (
        <div class="account">
          <SecondFactorCard account={data} onChanged={reload} />
          <SessionsCard sessions={data.sessions} onChanged={reload} />
          <PasswordCard barred={data.passwordsBarred} onChanged={() => void reload()} />
        </div>
      ) : error === null ? (
        <Loading />
      ) : null}
    </Page>
  );
}
