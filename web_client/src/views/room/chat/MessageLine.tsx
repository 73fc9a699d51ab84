import { Hourglass, Lock, RotateCcw, Reply, Trash2, X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { currentLocale, hasText, t } from '../../../i18n';
import type { ChatMessage } from '../../../protocol/generated';
import type { ChatBox, Outgoing } from '../../../state/chat';
import { participant } from '../../../state/viewModels';
import { Badge, Button, Icon, IconButton } from '../../../ui';
import type { RoomView } from '../model';
import { pieces } from './links';

interface LineProps {
  room: RoomView;
  message: ChatMessage;
  onAnswer: () => void;
  onRemove: () => void;
}

/** One message: who, when, to whom, and the words as they were typed. */
export function MessageLine({ room, message, onAnswer, onRemove }: LineProps): VNode {
  const { authorId, audience, recipientId, removed, sentAt } = message;
  const own = authorId === room.personId;
  const name = participant(room.snapshot, authorId)?.name ?? t('room-unknown-person');
  const answered = recipientId ? participant(room.snapshot, recipientId)?.name : undefined;
  const [asking, setAsking] = useState(false);
  return (
    <li class={own ? 'message message--own' : 'message'} data-testid="chat-message" data-audience={audience}>
      <div class="message__head">
        <strong>{own ? t('chat-you') : name}</strong>
        <time dateTime={sentAt}>{clockOf(sentAt, room.snapshot.meeting.zone)}</time>
        {audience === 'secretariat' ? (
          <Badge tone="accent" icon={Lock}>
            {answered ? t('chat-to-person', { name: answered }) : t('chat-to-secretariat')}
          </Badge>
        ) : null}
      </div>
      {removed ? <p class="message__removed">{t('chat-removed')}</p> : <Words text={message.text} />}
      {removed || !room.can.run ? null : (
        <div class="message__tools">
          {audience === 'secretariat' && !own ? (
            <IconButton icon={Reply} label={t('chat-answer', { name })} onClick={onAnswer} data-testid="chat-answer" />
          ) : null}
          {asking ? (
            <>
              <Button kind="danger" onClick={onRemove} data-testid="chat-remove-confirm">
                {t('chat-remove-confirm')}
              </Button>
              <IconButton icon={X} label={t('common-cancel')} onClick={() => setAsking(false)} />
            </>
          ) : (
            <IconButton
              icon={Trash2}
              label={t('chat-remove', { name })}
              onClick={() => setAsking(true)}
              data-testid="chat-remove"
            />
          )}
        </div>
      )}
    </li>
  );
}

/** A message that the hub has not acknowledged yet, or refused. */
export function OutgoingLine({ outgoing, to, chat }: { outgoing: Outgoing; to: string; chat: ChatBox }): VNode {
  const { id, audience, text, problem } = outgoing;
  return (
    <li class="message message--own message--outgoing" data-testid="chat-outgoing">
      <div class="message__head">
        <strong>{t('chat-you')}</strong>
        {audience === 'secretariat' ? (
          <Badge tone="accent" icon={Lock}>
            {to ? t('chat-to-person', { name: to }) : t('chat-to-secretariat')}
          </Badge>
        ) : null}
        {problem ? null : (
          <span class="message__waiting">
            <Icon icon={Hourglass} size={14} /> {t('chat-on-its-way')}
          </span>
        )}
      </div>
      <Words text={text} />
      {problem ? (
        <div class="message__problem" role="alert">
          <span>{problemText(problem)}</span>
          <Button icon={RotateCcw} onClick={() => chat.retry(id)}>
            {t('chat-retry')}
          </Button>
          <IconButton icon={Trash2} label={t('chat-discard')} onClick={() => chat.discard(id)} />
        </div>
      ) : null}
    </li>
  );
}

function Words({ text }: { text: string }): VNode {
  return (
    <p class="message__text" dir="auto">
      {pieces(text, location.origin).map(({ text: words, path }, index) =>
        path === null ? (
          words
        ) : (
          <a key={index} href={path}>
            {words}
          </a>
        ),
      )}
    </p>
  );
}

function problemText(code: string): string {
  const id = `error-${code.replaceAll('_', '-')}`;
  return hasText(id) ? t(id) : t('chat-refused');
}

function clockOf(at: string, zone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  return new Intl.DateTimeFormat(currentLocale().source, options).format(new Date(at));
}
