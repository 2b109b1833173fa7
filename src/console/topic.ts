import type { Action } from '../protocol/action.ts';
import type { AskedPivots } from './results/find-pivots.ts';

/** What a question of `update` is about: it comes back with the answer. */
export type Topic =
  | { readonly kind: 'launch'; readonly follow: boolean }
  /** The draft's target is one that this console cannot evaluate: the answer is another one. */
  | { readonly kind: 'target'; readonly follow: boolean }
  | { readonly kind: 'removeOperation'; readonly at: number }
  | { readonly kind: 'removeAll' }
  | { readonly kind: 'newDraft' }
  /** Actions still run on agents that end with this console. */
  | { readonly kind: 'leave' }
  | {
      readonly kind: 'replaceDraft';
      readonly draft: Action;
      readonly notices: readonly string[];
      readonly launch?: boolean;
    }
  /** Which of these findings is followed. */
  | { readonly kind: 'pivot'; readonly asked: AskedPivots }
  | {
      readonly kind: 'keepParams';
      readonly module: string;
      readonly parameters: unknown;
      readonly at: number | undefined;
    };
