// Starts Swagger UI on the page of the API. A file of its own, because the site allows no inline script.
(function () {
  "use strict";
  const root = document.getElementById("api");
  window.SwaggerUIBundle({
    url: root.dataset.schema,
    domNode: root,
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "list",
    // What is tried out in a session is protected against forgery like every form.
    requestInterceptor: function (request) {
      if (new URL(request.url, location.href).origin === location.origin && request.method !== "GET") {
        request.headers["X-CSRFToken"] = root.dataset.csrf;
      }
      return request;
    },
  });
})();
