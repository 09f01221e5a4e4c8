"""Between the widgets of a panel and its parameters, where Slicer's parameterNodeWrapper alone leaves them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import slicer.util
from slicer.parameterNodeWrapper import SlicerParameterNamePropertyName


def connect_widgets(parameters: Any, ui: Any) -> int:
    """Connect the widgets that name a parameter, as ``connectGui`` does.

    :param ui: from ``slicer.util.childWidgetVariables``.
    :return: what ``disconnectGui`` takes; Slicer 5.8's ``connectGui`` returns nothing, and the panel stayed connected.
    """
    names = {widget.property(SlicerParameterNamePropertyName): widget for widget in vars(ui).values()}
    return parameters.connectParametersToGui({name: widget for name, widget in names.items() if name})


def on_path_changed(edit: Any, on_changed: Callable[[str], None]) -> None:
    """Call ``on_changed`` with every text of a path field.

    Its own ``currentPathChanged`` is silent when the field is cleared, or its text ends as no name filter says: the
    parameter would keep a path that is no longer shown.
    """
    edit.comboBox().connect("editTextChanged(QString)", on_changed)


def forget_node(parameters: Any, node: Any) -> None:
    """Take a node that is about to leave the scene out of the parameters that name one node.

    In time, because a selector whose node has left shows another one, and hands that to its parameter.
    """
    with slicer.util.NodeModify(parameters.parameterNode):
        for name in parameters.allParameters:
            if getattr(parameters, name) is node:
                setattr(parameters, name, None)
