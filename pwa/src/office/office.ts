// What the office pages gain from a script. Every page works without it: this file only makes things quicker.
import "./office.css";
import "./ceremony.css";
import htmx from "htmx.org";
import { pressOnce } from "./busy";
import { confirmInDialogs } from "./dialogs";
import { followOthers } from "./follow";
import { listenToKeys } from "./keys";
import { offerPens } from "./pen";
import { sendInPieces } from "./pieces";
import { openWordsWithoutPopovers } from "./popovers";
import { sealInputs } from "./sealed";
import { followTicks } from "./ticks";
import { keepTyped } from "./typed";
import { followWaiting } from "./waiting";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

keepTyped(document);
sendInPieces(document);
pressOnce(document);
confirmInDialogs(document);
listenToKeys(document);
openWordsWithoutPopovers(document);
followTicks(document);
followWaiting(document);
followOthers(document);
offerPens(document);
sealInputs(document);
