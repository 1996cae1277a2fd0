// Joins the forms of passkeys to the browser's: asks, and sends the answer on.
(() => {
  "use strict";
  const failed = document.getElementById("passkey_failed");

  const onSubmit = (id, ask) => {
    const form = document.getElementById(id);
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  };

  onSubmit("passkey_form", () =>
    window.webauthnJSON.create(JSON.parse(document.getElementById("passkey_options").textContent)),
  );
  onSubmit("passkey_login", async (form) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(form.dataset.ask, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.status);
    return window.webauthnJSON.get(await answer.json());
  });
})();
