import type * as wire from './generated';

/** Every request of the live connection, by its type. */
export interface Requests {
  subscribe: wire.Subscribe;
  unsubscribe: wire.Unsubscribe;
  ping: wire.Ping;
  attend: wire.Attend;
  depart: wire.Depart;
  roll_call: wire.RollCall;
  'item.state': wire.SetItemState;
  'floor.request': wire.RequestFloor;
  'floor.withdraw': wire.WithdrawFloor;
  'floor.grant': wire.GrantFloor;
  'floor.end': wire.EndFloor;
  'poll.create': wire.CreatePoll;
  'poll.open': wire.OpenPoll;
  'poll.close': wire.ClosePoll;
  'poll.cast': wire.CastBallot;
  'media.join': wire.JoinMedia;
  'media.create_transport': wire.CreateTransport;
  'media.connect_transport': wire.ConnectTransport;
  'media.restart_ice': wire.RestartIce;
  'media.ice_servers': wire.GetIceServers;
  'media.produce': wire.Produce;
  'media.set_producer': wire.SetProducer;
  'media.close_producer': wire.CloseProducer;
  'media.consume': wire.Consume;
  'media.set_consumer': wire.SetConsumer;
  'media.close_consumer': wire.CloseConsumer;
  'media.probe': wire.ProbeMedia;
  'media.mute': wire.MuteMedia;
  'media.ask_unmute': wire.AskToUnmute;
  'media.leave': wire.LeaveMedia;
  'media.view': wire.ViewMedia;
  'chat.send': wire.SendChat;
  'chat.remove': wire.RemoveChat;
  'sitting.set': wire.SetSitting;
  announce: wire.Announce;
  'announce.withdraw': wire.WithdrawAnnouncement;
  'floor.pause': wire.PauseFloor;
  'floor.resume': wire.ResumeFloor;
  'poll.edit': wire.EditPoll;
  'poll.delete': wire.DeletePoll;
  'poll.recast': wire.RecastPoll;
  'poll.annul': wire.AnnulPoll;
  'poll.extend': wire.ExtendPoll;
  ephemeral: wire.SendEphemeral;
}

/** What the hub answers; a request that is not named here is answered with nothing but success. */
interface Answers {
  subscribe: wire.Subscribed;
  ping: wire.Pong;
  'floor.request': wire.Created;
  'poll.create': wire.Created;
  'poll.cast': wire.Receipt;
  'poll.recast': wire.Created;
  'chat.send': wire.Created;
  'media.join': wire.MediaJoined;
  'media.probe': wire.Probe;
  'media.create_transport': wire.TransportParameters;
  'media.restart_ice': wire.IceParameters;
  'media.ice_servers': wire.IceServers;
  'media.produce': wire.Produced;
  'media.consume': wire.Consumed;
}

export type RequestType = keyof Requests;
export type Answer<T extends RequestType> = T extends keyof Answers ? Answers[T] : wire.Done;
/** A request without what the connection adds. */
export type Body<T extends RequestType> = Omit<Requests[T], 'id' | 'type'>;

/** What the hub says by itself. */
export type Notice =
  | wire.EventEnvelope
  | wire.Resync
  | wire.RoomChanged
  | wire.EndpointClosed
  | wire.Moderated
  | wire.ActiveSpeaker
  | wire.LayersWanted
  | wire.Ephemeral
  | wire.SessionEnded;
export type HubMessage = wire.Reply | wire.Error | Notice;

/** Sends requests to the hub: the live connection, or what stands for it in a test. */
export interface Requester {
  request<T extends RequestType>(type: T, body: Body<T>, timeoutMs?: number): Promise<Answer<T>>;
}
