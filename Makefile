# The first Python found runs the helpers; they find or install QGIS and the worker's environment themselves.
PYTHON ?= python3

.PHONY: demo test package lint clean

demo:  ## orthophoto and roads in, trained model and road network out, in demo/
	$(PYTHON) tools/demo.py

test:  ## ruff, mypy, engine tests, worker tests, Processing tests in QGIS
	$(PYTHON) tools/test.py

lint:  ## ruff and mypy alone
	$(PYTHON) tools/test.py lint

package:  ## the plugin zip, build/roadsmith-VERSION.zip
	$(PYTHON) tools/package.py

clean:
	rm -rf build demo
