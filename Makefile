# The first Python found runs the helpers; they find or install QGIS and the worker's environment themselves.
PYTHON ?= python3

.PHONY: demo test test-matrix package lint docs pictures translations clean

demo:  ## orthophoto and roads in, trained model and road network out, in demo/
	$(PYTHON) tools/demo.py

test:  ## ruff, mypy, engine tests, worker tests, Processing tests in QGIS
	$(PYTHON) tools/test.py

test-matrix:  ## the tests of the QGIS side in other versions of QGIS; root, some gigabytes
	$(PYTHON) tools/matrix.py $(VERSIONS)

lint:  ## ruff and mypy alone
	$(PYTHON) tools/test.py lint

docs:  ## a page for each tool in docs/algorithms, and the whole as a site in build/site
	$(PYTHON) tools/docs.py

translations:  ## new and changed texts into processing_provider/translations/*.ts, and what QGIS loads, *.qm; needs Qt's lrelease
	$(PYTHON) tools/translations.py

pictures:  ## every picture of docs/images/steps, from the real program
	$(PYTHON) tools/docs_pictures.py

package:  ## the plugin zip, build/roadsmith-VERSION.zip
	$(PYTHON) tools/package.py

clean:
	rm -rf build demo
