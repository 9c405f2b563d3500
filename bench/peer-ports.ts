// What the peer of a guest offers: bytes without end, a drain for them, a word to whoever comes.

export const PEER_PORTS = { source: 5001, sink: 5002, greeter: 5003 } as const;
