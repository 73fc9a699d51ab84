import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { PollKind, RulesPresets } from '../../protocol/generated';
import { currentItem } from '../../state/viewModels';
import { Button, Card, Checkbox, ErrorBanner, Select, TextArea, TextInput, useAction, useLoad } from '../../ui';
import type { RoomView } from './model';

const OF_THE_MEETING = '';

/** A new poll on the current item, with the meeting's rules of procedure or a preset. */
export function NewPoll({ room, onDone }: { room: RoomView; onDone: () => void }): VNode {
  const item = currentItem(room.snapshot);
  const [title, setTitle] = useState(item?.title ?? '');
  const [question, setQuestion] = useState(t('room-poll-default-question'));
  const [preset, setPreset] = useState(OF_THE_MEETING);
  const [hidden, setHidden] = useState(false);
  const presets = useLoad((signal) => api.get<RulesPresets>('/rules', signal), 'rules');
  const action = useAction();

  const create = async (event: Event) => {
    event.preventDefault();
    const kind: PollKind = hidden ? 'named_hidden' : 'named';
    const rules = presets.data?.presets.find((one) => one.name === preset)?.rules ?? null;
    const body = { itemId: item?.id ?? null, title, question, kind, rules };
    if (await action.run(() => room.meeting.request('poll.create', body))) onDone();
  };
  const options = [
    { value: OF_THE_MEETING, text: t('room-rules-of-meeting') },
    ...(presets.data?.presets ?? []).map(({ name }) => ({ value: name, text: rulesName(name) })),
  ];
  return (
    <Card title={t('room-poll-new')}>
      <form class="form" onSubmit={create}>
        <TextInput
          label={t('room-poll-title')}
          value={title}
          onValue={setTitle}
          required
          maxLength={200}
          autofocus
          data-testid="poll-title"
        />
        <TextArea
          label={t('room-poll-question')}
          value={question}
          onValue={setQuestion}
          rows={3}
          data-testid="poll-question"
        />
        <Select
          label={t('room-poll-rules')}
          value={preset}
          options={options}
          onValue={setPreset}
          data-testid="poll-rules"
        />
        <Checkbox
          label={t('room-poll-hidden')}
          hint={t('room-poll-hidden.hint')}
          checked={hidden}
          onValue={setHidden}
        />
        <ErrorBanner error={action.error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onDone}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={action.busy} data-testid="poll-create">
            {t('room-poll-create')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function rulesName(name: string): string {
  const id = `rules-${name}`;
  return hasText(id) ? t(id) : name;
}
