/**
 * Every error code with its hint: one sentence the investigator can act on. ERRORS.md explains each code; a house test holds the two together and
 * checks that each code is thrown somewhere and provoked by a test.
 */
export const errorHints = {
  BUG: 'This is a defect of gumshoe: please report it with what you did.',

  ACTION_INVALID: 'Correct the named key of the action and load it again.',
  FRAME_INVALID: 'The other side does not speak this version of the link: compare both versions.',
  LINE_TOO_LONG: 'Send the text in smaller pieces or narrow the search.',
  RESULT_INVALID: 'The module or the agent answered with something else than a result: look at its log, then compare versions.',
  MESSAGE_INVALID: 'Send one line of JSON: {"class":"parameters","parameters":{...}}.',

  FLAG_UNKNOWN: 'See the flags of the module with "help <module>".',
  FLAG_VALUE: 'Correct the named flag; "help <module>" shows an example of each.',
  MODULE_UNKNOWN: 'See the modules with "help modules".',
  PARAMETERS_INVALID: 'Correct the named parameter; "help <module>" lists them all.',
  QUESTION_CANCELLED: 'Nothing was changed: start again when you are ready.',
} as const;
