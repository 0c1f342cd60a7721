const { nonce } = document.getElementById("start");
Redoc.init("openapi.json", { nonce, nativeScrollbars: true }, document.getElementById("page"));
