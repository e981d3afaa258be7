module cofferdam.example/oracle-http

go 1.26
