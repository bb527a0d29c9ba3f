// A page that polls stops when what it watches is gone, and shows why.
document.addEventListener("htmx:responseError", (event) => {
  if ([400, 403, 404].includes(event.detail.xhr.status)) location.reload();
});
