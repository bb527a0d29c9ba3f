"""Making, changing and deleting a dataset."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render

from podium.common.answers import see_other
from podium.common.errors import Refused
from podium.datasets import keeping, reading, services
from podium.datasets.forms import DatasetForm, NewDatasetForm, VersionForm
from podium.datasets.licences import KNOWN
from podium.datasets.limits import MAX_BYTES
from podium.datasets.views.receiving import files_of, lead_to, takes_files

LISTED = 1_000  # files that a page offers to remove


def _own(request, owner: str, dataset: str):
    """The dataset of the address, if it is the user's own."""
    dataset = reading.find(request.user, owner, dataset)
    if not dataset.is_kept_by(request.user):
        raise Http404("Only its owner can change a dataset.")
    return dataset


@takes_files()
def new(request):
    """Make a dataset from files and a few words on them."""
    form = NewDatasetForm(request.POST or None)
    status = request.refused.status if request.refused else 0
    if request.method == "POST" and not status:
        status = 400
        if form.is_valid():
            try:
                return lead_to(request, _make(request, form.cleaned_data))
            except Refused as refused:
                form.add_error(None, refused.message)
                status = refused.status
    context = {
        "form": form,
        "refused": request.refused and request.refused.message,
        "licences": KNOWN.values(),
        "most": MAX_BYTES,
    }
    return render(request, "datasets/new.html", context, status=status or 200)


def _make(request, values: dict):
    files = files_of(request)
    services.assert_files(files)
    with keeping.kept(files) as stored:
        dataset = services.create_dataset(owner=request.user, files=stored, **values)
    messages.success(request, f"{dataset.title} is here.")
    return dataset


@takes_files(may_send=_own)
def version(request, owner, dataset):
    """Add a version: files that are new, those that go, those that stay."""
    dataset = _own(request, owner, dataset)
    newest = dataset.latest.number if dataset.latest else None
    form = VersionForm(request.POST or None, initial={"base": newest})
    status = request.refused.status if request.refused else 0
    if request.method == "POST" and not status:
        status = 400
        if form.is_valid():
            try:
                return lead_to(request, _add(request, dataset, form.cleaned_data))
            except Refused as refused:
                form.add_error(None, refused.message)
                status = refused.status
    files = dataset.latest.files.select_related("stored") if newest else []
    context = {
        "form": form,
        "refused": request.refused and request.refused.message,
        "dataset": dataset,
        "files": list(files[:LISTED]),
        "removed": set(request.POST.getlist("remove")),
        "more": max(0, (dataset.latest.file_count if newest else 0) - LISTED),
        "most": MAX_BYTES,
    }
    return render(request, "datasets/version.html", context, status=status or 200)


def _add(request, dataset, values: dict):
    files = files_of(request)
    if files:
        services.assert_files(files)
    with keeping.kept(files) as stored:
        added, is_new = services.next_version(
            dataset=dataset,
            created_by=request.user,
            files=stored,
            removed=request.POST.getlist("remove"),
            keep=values["begin"] == "keep",
            base=values["base"],
            notes=values["notes"],
        )
    if is_new:
        messages.success(request, f"Version {added.number} is here.")
    else:
        messages.info(request, f"Nothing changed: version {added.number} has these.")
    return dataset


@login_required
def edit(request, owner, dataset):
    """Change what is told of a dataset, and who may see it."""
    dataset = _own(request, owner, dataset)
    form = DatasetForm(request.POST or None, initial=DatasetForm.of(dataset))
    if request.method == "POST" and form.is_valid():
        services.edit_dataset(dataset=dataset, user=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return see_other(dataset)
    context = {"form": form, "dataset": dataset, "licences": KNOWN.values()}
    status = 400 if form.errors else 200
    return render(request, "datasets/edit.html", context, status=status)


@login_required
def delete(request, owner, dataset):
    """Delete a dataset, after a question."""
    dataset = _own(request, owner, dataset)
    refused = None
    if request.method == "POST":
        try:
            services.delete_dataset(dataset=dataset, user=request.user)
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"{dataset.title} is deleted.")
            return see_other("datasets:list")
    context = {"dataset": dataset, "refused": refused}
    status = refused.status if refused else 200
    return render(request, "datasets/delete.html", context, status=status)
