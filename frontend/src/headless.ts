/** The same client without a screen: `node headless.js --origin http://localhost:8000 --state FOLDER`. */
import { speak, worldOfArguments } from "./node";

await speak(worldOfArguments());
