"""The wizard: each step is left and resumed, and the last one makes the competition."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.errors import BadRequest, Refused
from competitions.hosting import actors, documents, drafts, intake, steps
from competitions.hosting.drafts import Changed
from competitions.hosting.holders import DraftHolder, taken_words
from competitions.hosting.views.finding import find_draft
from competitions.models import Draft
from podium.common.answers import see_other
from podium.common.words import zone_text
from podium.datasets.views.receiving import takes_files

READ = ("data", "hidden", "metric", "contract")  # steps after which rows are read
State = Draft.State


@login_required
@require_safe
def resume(request, pk):
    """Back to the step where somebody left."""
    draft = find_draft(request, pk)
    known = draft.step if draft.step in steps.BY_KEY else "basics"
    return redirect("host:step", draft.pk, known)


@takes_files(may_send=find_draft, most=drafts.MAX_UPLOAD)
def step(request, pk, step):
    """One step: its form, its files, its faults."""
    draft = find_draft(request, pk)
    if step not in steps.BY_KEY:
        raise Http404("The wizard has no such step.")
    here = steps.BY_KEY[step]
    if here.form is None:
        return _review(request, draft)
    if request.method != "POST":
        return _page(request, draft, here, here.form(holder=DraftHolder(draft)))
    return _save(request, draft, here)


def _save(request, draft: Draft, here: steps.Step):
    refused, revision = request.refused, draft.revision
    if not refused:
        try:
            draft = intake.take(draft, request.user, here.key, request)
        except Refused as error:
            refused = error
    data = request.POST.copy()
    if data.get("revision") == str(revision):  # its own files came after it
        data["revision"] = draft.revision
    holder = DraftHolder(draft)
    form = here.form(data, holder=holder)
    if refused or not form.is_valid():
        return _page(request, draft, here, form, refused, status=400)
    try:
        merged = holder.save(
            request.user,
            form.cleaned_data["revision"],
            {**form.values(), **form.texts()},
            force=form.shows_all,
            step=here.key,
        )
    except Changed as changed:
        form.show_clashes(changed.merged)
        return _page(request, draft, here, form, changed, status=409)
    except Refused as error:
        return _page(request, draft, here, form, error, status=error.status)
    draft = _aftermath(request, holder.draft, here, form)
    if words := taken_words(merged):
        messages.info(request, words)
    return _onward(request, draft, here, form)


def _aftermath(request, draft: Draft, here, form) -> Draft:
    """What follows from a saved step: a public test, and a look at the rows."""
    if here.key == "hidden":
        wanted = form.cleaned_data["open_test"]
        draft = intake.open_test(draft, request.user, wanted)
    if here.key in READ and drafts.ask_for_check(draft):
        actors.wake()
    return draft


def _onward(request, draft: Draft, here, form):
    go = request.POST.get("go", "next")
    if go == "later":
        messages.success(request, "Saved. Come back to it at any time.")
        return see_other("host:home")
    stays = go == "stay" or (here.key == "data" and not form.is_ready)
    target = here if stays else steps.after(here)
    if not stays:
        Draft.objects.filter(pk=draft.pk).update(step=target.key)
    return see_other("host:step", draft.pk, target.key)


def _page(request, draft, here, form, refused=None, status=200):
    if isinstance(refused, Changed) and form is not None:
        form.data = form.data.copy()
        form.data["seen"], form.data["revision"] = "on", draft.revision
    context = {
        **_context(draft, here),
        "form": form,
        "refused": refused and refused.message,
        "zone": zone_text(timezone.now()),
        "most": drafts.MAX_UPLOAD,
    }
    return render(request, f"hosting/steps/{here.key}.html", context, status=status)


def _context(draft: Draft, here: steps.Step) -> dict:
    files = list(draft.files.select_related("stored"))
    lacking = steps.lacking(draft, {file.path for file in files})
    faults = [{**fault, "step": steps.step_of(fault)} for fault in draft.faults]
    place = steps.STEPS.index(here)
    return {
        "draft": draft,
        "step": here,
        "number": place + 1,
        "count": len(steps.STEPS),
        "previous": steps.before(here),
        "steps": [
            {
                "step": each,
                "is_done": not lacking[each.key] and each.form is not None,
                "has_faults": any(fault["step"] is each for fault in faults),
                "is_now": each is here,
            }
            for each in steps.STEPS
        ],
        "faults": [f for f in faults if f["step"] is here],
        "all_faults": faults,
        "lacking": lacking,
        "files": [
            file for file in files if here.files and file.path.startswith(here.files)
        ],
        # A page that loads again by itself would lose what is being typed in it.
        "is_polling": draft.state == State.WAITING
        or (draft.state == State.CHECK and here.form is None)
        or _is_reading(draft, here),
        "baselines": documents.get(draft.document, "baselines") or [],
    }


def _is_reading(draft: Draft, here: steps.Step) -> bool:
    """Whether the data step waits for the columns of a file."""
    tables = DraftHolder(draft).tables().values() if here.key == "data" else ()
    return any(table.state == "waiting" for table in tables)


def _review(request, draft: Draft):
    """The folder's document as it stands, its faults, and the button that makes it."""
    here, refused = steps.BY_KEY["review"], request.refused
    if request.method == "POST" and not refused:
        try:
            _assert_whole(draft)
            drafts.ask_for_making(draft=draft, user=request.user)
        except Refused as error:
            refused = error
        else:
            actors.wake()
            return see_other("host:step", draft.pk, "review")
    context = {
        **_context(draft, here),
        "yaml": documents.to_yaml(draft.document).decode(),
        "paths": list(draft.files.values_list("path", flat=True)),
        "refused": refused and refused.message,
        "is_whole": not any(steps.lacking(draft, _paths(draft)).values()),
    }
    status = refused.status if refused else 200
    return render(request, "hosting/steps/review.html", context, status=status)


def _paths(draft: Draft) -> set[str]:
    return set(draft.files.values_list("path", flat=True))


def _assert_whole(draft: Draft) -> None:
    """Tell at once which steps lack something; the rest is for the housekeeper."""
    lacking = steps.lacking(draft, _paths(draft))
    told = [steps.BY_KEY[key].title for key, names in lacking.items() if names]
    if told:
        raise BadRequest(f"Something is still missing in: {', '.join(told)}.")


@login_required
@require_safe
def state(request, pk):
    """What a waiting page asks for: nothing new, or that it should load again."""
    draft = find_draft(request, pk)
    tables = DraftHolder(draft).tables().values()
    is_busy = draft.state in (State.CHECK, State.WAITING)
    if draft.state == State.OPEN:  # the data step waits for columns as well
        is_busy = any(table.state == "waiting" for table in tables)
    response = HttpResponse(status=204)
    if not is_busy:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
def delete(request, pk):
    """Throw a draft away, after a question."""
    draft = find_draft(request, pk)
    refused = None
    if request.method == "POST":
        try:
            drafts.delete(draft=draft)
        except Refused as error:
            refused = error
        else:
            messages.success(request, "The draft is deleted.")
            return see_other("host:home")
    context = {"draft": draft, "refused": refused}
    status = refused.status if refused else 200
    return render(request, "hosting/delete_draft.html", context, status=status)
