import { FakeMediaStreamTrack } from 'fake-mediastreamtrack';
import { testFakeParameters as fake } from 'mediasoup-client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { endpoint } from '../samples';
import { camera, joined, other, ownInRoom, sees, settled, world } from './sessionWorld';

const opened = vi.fn();

beforeEach(() => {
  opened.mockReset();
  opened.mockImplementation((constraints: MediaStreamConstraints) => {
    const track = new FakeMediaStreamTrack({ kind: constraints.audio ? 'audio' : 'video' });
    return Promise.resolve({ getTracks: () => [track], getVideoTracks: () => [track] });
  });
  const mediaDevices = { getUserMedia: opened, enumerateDevices: () => Promise.resolve([]) };
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: mediaDevices });
});

describe('joining', () => {
  it('opens two transports and consumes everybody, each consumer resumed once its track is there', async () => {
    const { hub, session } = await joined();
    expect(session.state.value).toBe('live');
    expect(hub.of('media.join')).toEqual([
      { meetingId: 'm1', endpointId: null, takeOver: false, transports: true, rtpCapabilities: null },
    ]);
    expect(session.tracks.value.map((one) => `${one.endpointId} ${one.source} ${one.track.kind}`)).toEqual([
      'e2 camera video',
      'e2 microphone audio',
    ]);
    expect(hub.of('media.set_consumer').map((one) => [one.consumerId, one.paused])).toEqual([
      ['c-p-cam', false],
      ['c-p-mic', false],
    ]);
  });

  it('receives what the hub gave with the join, without asking again, once the lobby has prepared it', async () => {
    const { hub, session } = await world();
    hub.answer('media.probe', () => ({
      ...fake.generateTransportRemoteParameters(),
      routerRtpCapabilities: fake.generateRouterRtpCapabilities(),
    }));
    await session.prepare().catch(() => undefined); // there is no WebRTC here to check the way with
    await settled();
    session.join();
    await settled();
    expect(hub.of('media.join')[0]?.rtpCapabilities).toMatchObject({ codecs: expect.anything() });
    expect(session.tracks.value).toHaveLength(2);
    expect(hub.of('media.consume')).toEqual([]);
    expect(hub.of('media.set_consumer')).toEqual([]);
  });

  it('says what this browser cannot decode, and does not ask for it again', async () => {
    const here = await world();
    here.hub.answer('media.consume', () => {
      throw new ApiError('unsupported_codec', 'the receiver cannot decode video/h264');
    });
    here.room = [other([camera])];
    here.session.join();
    await settled();
    expect([...here.session.undecodable.value]).toEqual(['p-cam']);
    expect(here.session.tracks.value).toEqual([]);
    sees(here, [other([{ ...camera, paused: true }])]);
    await settled();
    expect(here.hub.of('media.consume')).toHaveLength(1);
    sees(here, [other()]);
    expect(here.session.undecodable.value.size).toBe(0);
    sees(here, [other([camera])]);
    await settled();
    expect(here.hub.of('media.consume')).toHaveLength(2);
    here.session.leave();
    expect(here.session.undecodable.value.size).toBe(0);
  });

  it('gives up a call whose relay did not learn who connects, and tries another after a while', async () => {
    const here = await world();
    here.hub.answer('media.connect_transport', () => {
      throw new ApiError('relay_unavailable', 'none');
    });
    here.session.join();
    await settled();
    expect(here.session.state.value).toBe('unavailable');
    expect(here.session.tracks.value).toEqual([]);
    expect(here.hub.of('media.join')).toHaveLength(1);
    here.session.leave();
  });

  it('opens a call whose way cannot be repaired anew, with another device', async () => {
    const here = await joined();
    here.hub.answer('media.restart_ice', () => {
      throw new ApiError('no_such_media_object', 'gone');
    });
    here.handlers.at(-1)?.setConnectionState('failed');
    await settled();
    await settled();
    expect(here.hub.of('media.join')).toHaveLength(2);
    expect(here.session.state.value).toBe('live');
    expect(here.devices).toBe(2);
    here.session.leave();
  });

  it('publishes what was switched on in the lobby', async () => {
    const here = await world();
    await here.session.microphone.set(true);
    await here.session.camera.set(true);
    expect(here.hub.of('media.produce')).toEqual([]);
    here.session.join();
    await settled();
    expect(here.hub.of('media.produce').map((one) => [one.source, one.paused])).toEqual([
      ['microphone', false],
      ['camera', false],
    ]);
    const opus = here.hub.of('media.produce')[0]?.rtpParameters as { codecs: { mimeType: string }[] };
    expect(opus.codecs[0]?.mimeType).toBe('audio/opus');
    const video = here.hub.of('media.produce')[1]?.rtpParameters as { codecs: { mimeType: string }[] };
    expect(video.codecs[0]?.mimeType).toBe('video/VP8');
  });

  it('follows the room: new producers are consumed, gone ones closed', async () => {
    const here = await joined();
    sees(here, [other([camera]), endpoint('e3', 'c', { producers: [{ ...camera, id: 'p-cam3' }] })]);
    await settled();
    expect(here.session.tracks.value.map((one) => `${one.endpointId} ${one.source}`)).toEqual([
      'e2 camera',
      'e3 camera',
    ]);
  });

  it('tries a producer again with the next state of the room when consuming failed', async () => {
    const here = await world();
    let broken = true;
    const answer = (body: Record<string, unknown>) => {
      if (broken) throw new ApiError('no_such_media_object', 'gone');
      const { rtpParameters } = fake.generateConsumerRemoteParameters({ codecMimeType: 'video/VP8' });
      return { consumerId: 'c', producerId: body.producerId, kind: 'video', rtpParameters };
    };
    here.hub.answer('media.consume', answer);
    here.room = [other([camera])];
    here.session.join();
    await settled();
    expect(here.session.tracks.value).toEqual([]);
    broken = false;
    sees(here, [other([camera])]);
    await settled();
    expect(here.session.tracks.value).toHaveLength(1);
  });

  it('says who speaks', async () => {
    const { hub, session } = await joined();
    hub.say({ type: 'active_speaker', meetingId: 'm1', endpointId: 'e2' });
    expect(session.activeSpeaker.value).toBe('e2');
  });

  it('goes on trying while there is no relay', async () => {
    const here = await world();
    here.hub.answer('media.join', () => {
      throw new ApiError('relay_unavailable', 'none');
    });
    here.session.join();
    await settled();
    expect(here.session.state.value).toBe('unavailable');
    here.session.leave();
  });
});

describe('own sources', () => {
  it('are paused and resumed at the relay too; the microphone stays open, the camera is given back', async () => {
    const { hub, session } = await joined();
    await session.microphone.set(true);
    await session.camera.set(true);
    const [voice, picture] = [session.microphone.track.value, session.camera.track.value];
    await session.microphone.set(false);
    await session.camera.set(false);
    expect(hub.of('media.set_producer').map((one) => one.paused)).toEqual([true, true]);
    expect(voice?.readyState).toBe('live');
    expect(voice?.enabled).toBe(false);
    expect(picture?.readyState).toBe('ended');
    await session.microphone.set(true);
    await session.camera.set(true);
    expect(opened).toHaveBeenCalledTimes(3);
    expect(hub.of('media.set_producer').map((one) => one.paused)).toEqual([true, true, false, false]);
    expect(hub.of('media.produce')).toHaveLength(2);
  });

  it('of a camera are sent in three sizes; a small camera gets a producer of its own', async () => {
    const { hub, session } = await joined();
    await session.camera.set(true);
    await session.camera.set(false);
    const small = new FakeMediaStreamTrack({ kind: 'video', settings: { height: 240 } });
    opened.mockResolvedValue({ getTracks: () => [small], getVideoTracks: () => [small] });
    await session.camera.set(true);
    const sent = hub.of('media.produce').map((one) => one.rtpParameters as { encodings: unknown[] });
    expect(sent.map((one) => one.encodings.length)).toEqual([3, 1]);
    expect(session.camera.on.value).toBe(true);
  });

  it('say why a device cannot be used', async () => {
    const { session } = await joined();
    opened.mockRejectedValue(new DOMException('no', 'NotAllowedError'));
    await session.camera.set(true);
    expect(session.camera.problem.value).toBe('denied');
    expect(session.camera.on.value).toBe(false);
  });

  it('obey a chair who mutes', async () => {
    const here = await joined();
    await here.session.microphone.set(true);
    sees(here, [ownInRoom(here, true)]);
    await settled();
    expect(here.session.microphone.on.value).toBe(false);
  });

  it('are not published twice by a state of the room that is older than they are', async () => {
    const here = await joined();
    const turning = here.session.microphone.set(true);
    sees(here, [endpoint('e1', 'a', { producers: [] })]);
    await turning;
    sees(here, [endpoint('e1', 'a', { producers: [] })]);
    await settled();
    expect(here.hub.of('media.produce')).toHaveLength(1);
    expect(here.session.microphone.on.value).toBe(true);
  });

  it('are changed one after the other', async () => {
    const { session } = await joined();
    await Promise.all([session.microphone.set(true), session.microphone.set(false), session.microphone.set(true)]);
    expect(session.microphone.on.value).toBe(true);
  });

  it('are given back on leaving', async () => {
    const { hub, session } = await joined();
    await session.microphone.set(true);
    const track = session.microphone.track.value;
    session.leave();
    expect(track?.readyState).toBe('ended');
    expect(hub.of('media.leave')).toHaveLength(1);
    expect(session.state.value).toBe('idle');
  });
});

describe('after the hub was away', () => {
  it('keeps every transport and producer when the relay still carries the endpoint', async () => {
    const here = await joined();
    await here.session.microphone.set(true);
    sees(here, [ownInRoom(here), ...here.room]);
    await settled();
    const before = here.session.tracks.value.map((one) => one.track);
    here.resumed = true;
    here.hub.disconnect();
    here.hub.reconnect();
    await settled();
    const found = { meetingId: 'm1', endpointId: 'e1', takeOver: false, transports: false, rtpCapabilities: null };
    expect(here.hub.of('media.join').at(-1)).toEqual(found);
    expect(here.session.state.value).toBe('live');
    expect(here.session.tracks.value.map((one) => one.track)).toEqual(before);
    expect(here.hub.of('media.produce')).toHaveLength(1);
  });

  it('consumes what came meanwhile', async () => {
    const here = await joined();
    here.resumed = true;
    here.hub.disconnect();
    here.room = [...here.room, endpoint('e3', 'c', { producers: [{ ...camera, id: 'p-cam3' }] })];
    here.hub.reconnect();
    await settled();
    expect(here.session.tracks.value.map((one) => one.endpointId)).toEqual(['e2', 'e2', 'e3']);
  });

  it('publishes again what the room has lost', async () => {
    const here = await joined();
    await here.session.microphone.set(true);
    here.resumed = true;
    here.room = [endpoint('e1', 'a', { producers: [] }), ...here.room];
    here.hub.disconnect();
    here.hub.reconnect();
    await settled();
    expect(here.hub.of('media.produce')).toHaveLength(2);
    expect(here.session.microphone.on.value).toBe(true);
  });

  it('builds everything anew, silently, when the endpoint is lost', async () => {
    const here = await joined();
    await here.session.microphone.set(true);
    const track = here.session.microphone.track.value;
    here.hub.disconnect();
    here.hub.reconnect();
    await settled();
    expect(here.hub.of('media.join').map((one) => one.transports)).toEqual([true, false, true]);
    expect(here.hub.of('media.produce')).toHaveLength(2);
    expect(here.session.microphone.track.value).toBe(track);
    expect(here.session.state.value).toBe('live');
  });

  it.each(['lost', 'moved'] as const)('joins again when its relay was lost or ends: %s', async (reason) => {
    const here = await joined();
    here.hub.say({ type: 'endpoint_closed', meetingId: 'm1', endpointId: 'e1', reason });
    await settled();
    expect(here.hub.of('media.join').at(-1)).toMatchObject({ endpointId: 'e1', takeOver: false, transports: true });
    expect(here.session.state.value).toBe('live');
  });

  it('stops when another window took over', async () => {
    const here = await joined();
    await here.session.microphone.set(true);
    const track = here.session.microphone.track.value;
    here.hub.say({ type: 'endpoint_closed', meetingId: 'm1', endpointId: 'e1', reason: 'taken_over' });
    expect(here.session.closedBy.value).toBe('taken_over');
    expect(track?.readyState).toBe('ended');
    here.hub.disconnect();
    here.hub.reconnect();
    await settled();
    expect(here.hub.of('media.join')).toHaveLength(1);
  });

  it('stops when another window took over while this one was cut off', async () => {
    const here = await joined();
    here.hub.answer('media.join', () => {
      throw new ApiError('endpoint_elsewhere', 'another window');
    });
    here.hub.disconnect();
    here.hub.reconnect();
    await settled();
    expect(here.session.closedBy.value).toBe('taken_over');
  });

  it('does not mind another endpoint’s end', async () => {
    const here = await joined();
    here.hub.say({ type: 'endpoint_closed', meetingId: 'm1', endpointId: 'e9', reason: 'taken_over' });
    expect(here.session.state.value).toBe('live');
  });
});

describe('the same person in two windows', () => {
  it('is asked before the other window is switched off', async () => {
    const here = await world();
    const join = (body: Record<string, unknown>) => {
      if (!body.takeOver) throw new ApiError('endpoint_elsewhere', 'another window');
      const remote = () => fake.generateTransportRemoteParameters();
      return {
        endpointId: 'e1',
        resumed: false,
        routerRtpCapabilities: fake.generateRouterRtpCapabilities(),
        iceServers: [],
        transports: { send: remote(), recv: remote() },
        room: { endpoints: [] },
      };
    };
    here.hub.answer('media.join', join);
    here.session.join();
    await settled();
    expect(here.session.state.value).toBe('elsewhere');
    here.session.takeOver();
    await settled();
    expect(here.session.state.value).toBe('live');
  });
});

describe('being muted by who runs the meeting', () => {
  it('is said, and the wish to be heard is only a wish', async () => {
    const { hub, session } = await joined();
    hub.say({ type: 'moderated', meetingId: 'm1', action: 'unmute_wanted', by: 'Person c' });
    expect(session.moderated.value).toMatchObject({ action: 'unmute_wanted', by: 'Person c' });
    expect(session.microphone.on.value).toBe(false);
    expect(hub.of('media.set_producer')).toEqual([]);
  });
});

describe('sharing the screen', () => {
  it('sends its sound beside the picture, and ends both together', async () => {
    const { hub, session } = await joined();
    const [picture, sound] = [new FakeMediaStreamTrack({ kind: 'video' }), new FakeMediaStreamTrack({ kind: 'audio' })];
    Object.assign(navigator.mediaDevices, {
      getDisplayMedia: () => Promise.resolve({ getVideoTracks: () => [picture], getAudioTracks: () => [sound] }),
    });
    await session.screen.set(true);
    await settled();
    expect(hub.of('media.produce').map((one) => [one.kind, one.source])).toEqual([
      ['video', 'screen'],
      ['audio', 'screen_audio'],
    ]);
    await session.screen.set(false);
    await settled();
    expect(hub.of('media.close_producer')).toHaveLength(2);
    expect([picture.readyState, sound.readyState]).toEqual(['ended', 'ended']);
  });
});

describe('a device that is unplugged', () => {
  const unplug = (track: MediaStreamTrack | null) => (track as unknown as FakeMediaStreamTrack).remoteStop();

  it('is replaced by another one, without a pause for the others', async () => {
    const { hub, session } = await joined();
    await session.microphone.set(true);
    const before = session.microphone.track.value;
    unplug(before);
    await settled();
    expect(session.microphone.on.value).toBe(true);
    expect(session.microphone.track.value).not.toBe(before);
    expect(session.microphone.unplugged.value?.now).not.toBeNull();
    expect(hub.of('media.produce')).toHaveLength(1);
  });

  it('turns the source off where there is no other', async () => {
    const { hub, session } = await joined();
    await session.camera.set(true);
    opened.mockRejectedValue(new DOMException('none', 'NotFoundError'));
    unplug(session.camera.track.value);
    await settled();
    expect(session.camera.on.value).toBe(false);
    expect(session.camera.unplugged.value?.now).toBeNull();
    expect(hub.of('media.set_producer').at(-1)).toMatchObject({ paused: true });
  });
});
