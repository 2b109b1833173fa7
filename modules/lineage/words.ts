/** Words of elements, for both sides. */
export type Found = 'asked' | 'above' | 'below';
export type State = 'pendingBirth' | 'live' | 'leaderExited' | 'exited';
export type Change = 'created' | 'written' | 'renamed' | 'deleted' | 'executed';
