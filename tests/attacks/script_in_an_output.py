"""HTML, SVG, JavaScript, LaTeX and a widget that would act in the formgrader and the feedback page.

Ends with: 10 of 10, and nothing acts.
The feedback says: (an output that is not shown here)
"""
# /// attempt
# says = "HTML, SVG, JavaScript, LaTeX and a widget that would act in the formgrader and the feedback page."
# kind = "wrong"
# ///

# /// attack
# feedback = "(an output that is not shown here)"
# ///
# %% last
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

display(HTML("<script>window.acted = 1</script><img src=x onerror='window.acted = 1'>"))
display(Javascript("window.acted = 1"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='window.acted = 1'/>"))
display(Markdown("<img src=x onerror='window.acted = 1'>"))
display(Latex(r"$\href{javascript:window.acted=1}{x}$"))
display({"image/png": "x' onerror='window.acted=1", "application/vnd.jupyter.widget-view+json": {}}, raw=True)
display({"text/plain": "<script>window.acted = 1</script>"}, raw=True)
print("<script>window.acted = 1</script>")
