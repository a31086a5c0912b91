// The page works without this file; it only adds what the components do with script.
import { initAll } from "/govuk/govuk-frontend.min.js";

// The design system sets these classes with an inline script. The content policy allows none, and a module only runs in
// browsers that the components support, so they are set here.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// The copy of a register that was kept for a place without a network names people: it goes when nobody is signed in.
if (!document.querySelector('form[action="/sign-out"]')) globalThis.caches?.delete("cpd-door");
