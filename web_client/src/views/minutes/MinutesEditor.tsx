import { FileCheck, Save } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { MeetingFields, Minutes } from '../../protocol/generated';
import { Banner, Button, ConfirmDialog, ErrorBanner, notify, useAction } from '../../ui';
import type { MinutesActions } from './actions';
import { Conflicts } from './Conflicts';
import { SectionEditor } from './Section';
import { useMinutesDraft } from './useMinutesDraft';

export interface MinutesEditorProps {
  meeting: MeetingFields;
  minutes: Minutes;
  actions: MinutesActions;
}

/** The secretary writes; what the record holds stands beside it and cannot be edited. */
export function MinutesEditor({ meeting, minutes, actions }: MinutesEditorProps): VNode {
  const { draft, dirty, conflicts, restored, write, settle, discard, save } = useMinutesDraft(meeting.id, minutes, actions);
  const [finishing, setFinishing] = useState(false);
  const saving = useAction();

  function saveNow(): Promise<boolean> {
    return saving.run(async () => {
      if (await save()) notify(t('minutes-saved'));
    });
  }

  async function finish(): Promise<void> {
    await actions.review();
    notify(t('minutes-review-done'));
  }

  return (
    <div class="minutes">
      <p class="minutes__lead">{t('minutes-lead')}</p>
      {restored && dirty ? (
        <Banner tone="info">
          <p>{t('minutes-restored')}</p>
          <div>
            <Button onClick={discard}>{t('minutes-restored-discard')}</Button>
          </div>
        </Banner>
      ) : null}
      <Conflicts sections={minutes.sections} conflicts={conflicts} onSettle={settle} />
      {minutes.sections.map((section) => (
        <SectionEditor
          key={section.id}
          section={section}
          text={draft.texts[section.id] ?? ''}
          onText={(text) => write(section.id, text)}
        />
      ))}
      <div class="minutes__bar">
        <ErrorBanner error={saving.error} />
        <div class="actions actions--end">
          <output class="minutes__unsaved">{dirty ? t('minutes-unsaved') : null}</output>
          <Button
            kind={dirty ? 'primary' : 'secondary'}
            icon={Save}
            busy={saving.busy}
            disabled={!dirty || conflicts.length > 0}
            onClick={() => void saveNow()}
            data-testid="minutes-save"
          >
            {t('minutes-save')}
          </Button>
          <Button
            kind={dirty ? 'secondary' : 'primary'}
            icon={FileCheck}
            disabled={dirty}
            onClick={() => setFinishing(true)}
            data-testid="minutes-review"
          >
            {t('minutes-review')}
          </Button>
        </div>
      </div>
      {finishing ? (
        <ConfirmDialog
          title={t('minutes-review')}
          confirm={t('minutes-review')}
          onConfirm={finish}
          onClose={() => setFinishing(false)}
          data-testid="minutes-review-confirm"
        >
          <p>{t('minutes-review-question')}</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
