import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Poll, PollKind, PollMethod, RulesPresets } from '../../protocol/generated';
import { currentItem } from '../../state/viewModels';
import { Button, Card, Checkbox, ErrorBanner, Select, TextArea, TextInput, useAction, useLoad } from '../../ui';
import type { RoomView } from './model';

const UNCHANGED = '';

interface NewPollProps {
  room: RoomView;
  /** The draft that is changed; left out for a new one. */
  poll?: Poll;
  onDone: () => void;
}

/** A poll on the current item, with the meeting's rules of procedure or a preset; or a draft that is changed. */
export function NewPoll({ room, poll, onDone }: NewPollProps): VNode {
  const item = currentItem(room.snapshot);
  const [title, setTitle] = useState(poll?.title ?? item?.title ?? '');
  const [question, setQuestion] = useState(poll?.question ?? t('room-poll-default-question'));
  const [preset, setPreset] = useState(UNCHANGED);
  const [hidden, setHidden] = useState(poll?.kind === 'named_hidden');
  const [method, setMethod] = useState<PollMethod>(poll?.method ?? 'yes_no_abstain');
  const [options, setOptions] = useState(poll?.options.map((option) => option.label).join('\n').trim() ?? '');
  const presets = useLoad((signal) => api.get<RulesPresets>('/rules', signal), 'rules');
  const action = useAction();

  const save = async (event: Event) => {
    event.preventDefault();
    const kind: PollKind = hidden ? 'named_hidden' : 'named';
    const rules = presets.data?.presets.find((one) => one.name === preset)?.rules ?? null;
    const choices = method === 'one_of' ? options.split('\n').map((line) => line.trim()).filter(Boolean) : [];
    const itemId = poll ? poll.itemId : (item?.id ?? null);
    const body = { itemId, title, question, kind, rules, method, options: choices };
    const send = () =>
      poll ? room.meeting.request('poll.edit', { pollId: poll.id, ...body }) : room.meeting.request('poll.create', body);
    if (await action.run(send)) onDone();
  };
  return (
    <Card title={t(poll ? 'room-poll-edit' : 'room-poll-new')}>
      <form class="form" onSubmit={save}>
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
          label={t('room-poll-method')}
          value={method}
          options={(['yes_no_abstain', 'one_of'] as const).map((one) => ({ value: one, text: t(`room-poll-method-${one}`) }))}
          onValue={(value) => setMethod(value as PollMethod)}
          data-testid="poll-method"
        />
        {method === 'one_of' ? (
          <TextArea
            label={t('room-poll-options')}
            hint={t('room-poll-options.hint')}
            value={options}
            onValue={setOptions}
            required
            rows={4}
            data-testid="poll-options"
          />
        ) : null}
        <Select
          label={t('room-poll-rules')}
          value={preset}
          options={rulesOptions(presets.data, poll !== undefined)}
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
            {t(poll ? 'room-poll-save' : 'room-poll-create')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function rulesOptions(presets: RulesPresets | null, edits: boolean): { value: string; text: string }[] {
  const first = { value: UNCHANGED, text: t(edits ? 'room-rules-unchanged' : 'room-rules-of-meeting') };
  return [first, ...(presets?.presets ?? []).map(({ name }) => ({ value: name, text: rulesName(name) }))];
}

function rulesName(name: string): string {
  const id = `rules-${name}`;
  return hasText(id) ? t(id) : name;
}
