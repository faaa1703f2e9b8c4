import type { SessionView } from "../store/model";
import type { Commands } from "./commands";

/** Once keys have been made here, the browser is asked to keep them when its disk fills. It may say no: nothing hangs on it. */
export function lasting(commands: Commands, persist: () => Promise<unknown>): Commands {
  let isAsked = false;
  const after = <T>(act: (input: T) => Promise<SessionView>) => {
    return async (input: T): Promise<SessionView> => {
      const view = await act(input);
      if (view.stage === "ready" && !isAsked) {
        isAsked = true;
        // A browser may not have it at all.
        Promise.resolve()
          .then(persist)
          .catch(() => undefined);
      }
      return view;
    };
  };
  return { ...commands, finishKeys: after(commands.finishKeys), recover: after(commands.recover) };
}
