/** Words of elements, for both sides. */
/** Of a process that was gone before anybody could look at it, where audit does not tell. */
export const unknownName = '?';

export type Found = 'asked' | 'above' | 'below';
export type State = 'pendingBirth' | 'live' | 'leaderExited' | 'exited';
export type Change = 'created' | 'written' | 'renamed' | 'deleted' | 'executed';
